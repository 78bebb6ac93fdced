namespace Realtime.Models.Possm;

/// <summary>
/// Cuts samples into chunks and tokens as upstream does. Stateless; any thread.
/// Source: github.com/neuro-galaxy/torch_brain, branch possm, torch_brain/models/possm.py (tokenize).
/// </summary>
public static class PossmTokenizer
{
    private const int QueryMultiple = 8;

    // Upstream rounds chunk borders to as many decimals, and lets the last chunk reach this far beyond the sample's end.
    private const double Decimals = 1e5;
    private const double LastMargin = 1e-6;

    /// <summary>
    /// Chunk borders in seconds: a spike at t belongs to the chunk with start ≤ t &lt; end. The last chunk takes what is left of the
    /// length, and its end itself.
    /// </summary>
    /// <exception cref="ArgumentException">The length is shorter than one chunk.</exception>
    public static (double Start, double End)[] Chunks(double length, double binWidth)
    {
        var count = Math.Floor(Round((length - binWidth) / binWidth)) + 1;
        if (!(count >= 1 && count <= Array.MaxLength)) throw new ArgumentException($"{length} s cannot be cut into chunks of {binWidth} s.", nameof(length));
        var chunks = new (double Start, double End)[(int)count];
        for (var chunk = 0; chunk < chunks.Length; chunk++)
        {
            var end = Round(binWidth + chunk * binWidth);
            chunks[chunk] = (Round(end - binWidth), end);
        }

        chunks[^1].End = Round(length) + LastMargin;
        return chunks;
    }

    /// <summary>Time of a latent within its chunk, s.</summary>
    public static double LatentTime(PossmConfig config, int latent) => (latent + 0.5) * config.BinWidth / config.NumLatents;

    /// <summary>A batch of samples, each in its own row, padded with zeros to the largest.</summary>
    /// <exception cref="ArgumentException">There is no sample, one is shorter than a chunk, or its spikes' rows and times differ in number.</exception>
    public static PossmBatch Tokenize(PossmConfig config, params IReadOnlyList<PossmSample> samples)
    {
        if (samples.Count == 0) throw new ArgumentException("A batch needs a sample.", nameof(samples));
        var chunks = samples.Select(sample => Chunks(sample.Length, config.BinWidth)).ToArray();
        var spikes = samples.Select((sample, index) => ByChunk(sample, chunks[index], config.BinWidth)).ToArray();
        var queries = samples.Max(sample => sample.Queries.Sum(task => task.Times.Count));
        var batch = new PossmBatch(
            samples.Count,
            chunks.Max(list => list.Length),
            spikes.Max(Fullest),
            config.NumLatents,
            (queries + QueryMultiple - 1) / QueryMultiple * QueryMultiple);
        for (var index = 0; index < samples.Count; index++)
        {
            PutTokens(batch, index, samples[index], chunks[index], spikes[index]);
            PutQueries(batch, index, samples[index], chunks[index]);
            for (var latent = 0; latent < config.NumLatents; latent++)
            {
                batch.LatentRows[index * config.NumLatents + latent] = latent;
                batch.LatentTimes[index * config.NumLatents + latent] = LatentTime(config, latent);
            }
        }

        return batch;
    }

    private static double Round(double seconds) => Math.Round(seconds * Decimals, MidpointRounding.ToEven) / Decimals;

    private static int Fullest(List<int>[] chunks) => Math.Max(1, chunks.Max(chunk => chunk.Count));

    /// <summary>Indices of the spikes of each chunk.</summary>
    private static List<int>[] ByChunk(PossmSample sample, (double Start, double End)[] chunks, double binWidth)
    {
        if (sample.SpikeRows.Count != sample.SpikeTimes.Count) throw new ArgumentException("Each spike needs a unit and a time.", nameof(sample));
        var lists = Array.ConvertAll(chunks, _ => new List<int>());
        for (var spike = 0; spike < sample.SpikeTimes.Count; spike++)
        {
            var time = sample.SpikeTimes[spike];
            if (!double.IsFinite(time)) continue;

            // Rounded borders may lie a little to either side of the quotient's chunk.
            var near = (int)Math.Clamp(Math.Floor(time / binWidth), 0, chunks.Length - 1);
            for (var chunk = Math.Max(0, near - 1); chunk <= Math.Min(chunks.Length - 1, near + 1); chunk++)
                if (time >= chunks[chunk].Start && time < chunks[chunk].End) lists[chunk].Add(spike);
        }

        return lists;
    }

    private static void PutTokens(PossmBatch batch, int index, PossmSample sample, (double Start, double End)[] chunks, List<int>[] spikes)
    {
        batch.ChunkCounts[index] = chunks.Length;
        var fullest = Fullest(spikes);
        for (var chunk = 0; chunk < chunks.Length; chunk++)
        {
            var first = (index * batch.Chunks + chunk) * batch.Tokens;
            for (var token = 0; token < spikes[chunk].Count; token++)
            {
                var spike = spikes[chunk][token];
                batch.UnitRows[first + token] = sample.SpikeRows[spike];
                batch.TokenTimes[first + token] = (float)(sample.SpikeTimes[spike] - chunks[chunk].Start);
            }

            batch.InputMask.AsSpan(first, fullest).Fill(true);
            batch.TokenMask.AsSpan(first, Math.Max(1, spikes[chunk].Count)).Fill(true);
        }
    }

    private static void PutQueries(PossmBatch batch, int index, PossmSample sample, (double Start, double End)[] chunks)
    {
        var at = index * batch.Queries;
        foreach (var task in sample.Queries)
        {
            foreach (var time in task.Times)
            {
                batch.SessionRows[at] = sample.SessionRow;
                batch.TaskIds[at] = task.TaskId;
                batch.QueryTimes[at] = time;
                batch.QueryChunks[at] = 1 + EndsUpTo(chunks, time);
                batch.QueryMask[at] = true;
                at++;
            }
        }
    }

    /// <summary>Number of chunks whose end is not after a time.</summary>
    private static int EndsUpTo((double Start, double End)[] chunks, double time)
    {
        var (low, high) = (0, chunks.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (chunks[middle].End <= time) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
