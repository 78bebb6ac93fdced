namespace Realtime.Models.Poyo;

/// <summary>
/// Turns windows of spikes into POYO's tokens, as upstream does: two delimiters for every unit, fired or not, then one token per spike;
/// latents in groups at the middles of the steps; one query per time. Spikes outside [0, sequence length) give no tokens, as cutting
/// the recording would leave them out, and are counted. Immutable; any thread.
/// Source: github.com/neuro-galaxy/torch_brain, torch_brain/models/poyo.py and torch_brain/batching/collate.py.
/// </summary>
public sealed class PoyoTokenizer(PoyoConfig config)
{
    /// <summary>Upstream pads batches to a multiple of this.</summary>
    public const int PaddingMultiple = 8;

    /// <summary>One sample without padding and masks.</summary>
    /// <exception cref="ArgumentException">A spike's unit is not in the sample's list, a time is not finite, or lists differ in length.</exception>
    public PoyoBatch Tokenize(PoyoSample sample) => TokenizeBatch([sample], 1, 1) with { InputMask = null, OutputMask = null };

    /// <summary>Samples side by side, padded with zeros to the longest, rounded up to a multiple.</summary>
    /// <exception cref="ArgumentException">A spike's unit is not in its sample's list, a time is not finite, or lists differ in length.</exception>
    public PoyoBatch TokenizeBatch(IReadOnlyList<PoyoSample> samples, int tokenMultiple = PaddingMultiple, int queryMultiple = PaddingMultiple)
    {
        for (var index = 0; index < samples.Count; index++) Check(samples[index], index);
        var tokens = Longest(samples.Select(TokenCount), tokenMultiple);
        var queries = Longest(samples.Select(sample => sample.QueryTimes.Count), queryMultiple);
        var latents = config.Latents;
        var batch = new PoyoBatch
        {
            Samples = samples.Count,
            Tokens = tokens,
            Latents = latents,
            Queries = queries,
            InputUnits = new int[samples.Count * tokens],
            InputTypes = new int[samples.Count * tokens],
            InputTimes = new double[samples.Count * tokens],
            InputMask = new bool[samples.Count * tokens],
            LatentIndex = new int[samples.Count * latents],
            LatentTimes = new double[samples.Count * latents],
            Sessions = [.. samples.Select(sample => sample.SessionRow)],
            OutputTimes = new double[samples.Count * queries],
            OutputMask = new bool[samples.Count * queries],
            LeftOut = samples.Sum(sample => sample.SpikeTimes.Count(time => !InWindow(time))),
        };
        for (var index = 0; index < samples.Count; index++)
        {
            FillInputs(batch, index, samples[index]);
            FillLatents(batch, index);
            for (var query = 0; query < samples[index].QueryTimes.Count; query++)
            {
                batch.OutputTimes[index * queries + query] = samples[index].QueryTimes[query];
                batch.OutputMask![index * queries + query] = true;
            }
        }

        return batch;
    }

    private void FillInputs(PoyoBatch batch, int index, PoyoSample sample)
    {
        var token = index * batch.Tokens;
        foreach (var row in sample.UnitRows)
        {
            Add(row, PoyoTokenType.WindowStart, 0);
            Add(row, PoyoTokenType.WindowEnd, config.SequenceLength);
        }

        for (var spike = 0; spike < sample.SpikeTimes.Count; spike++)
        {
            if (InWindow(sample.SpikeTimes[spike])) Add(sample.UnitRows[sample.SpikeUnits[spike]], PoyoTokenType.Spike, sample.SpikeTimes[spike]);
        }

        void Add(int unitRow, int type, double time)
        {
            batch.InputUnits[token] = unitRow;
            batch.InputTypes[token] = type;
            batch.InputTimes[token] = time;
            batch.InputMask![token] = true;
            token++;
        }
    }

    private void FillLatents(PoyoBatch batch, int index)
    {
        var latent = index * batch.Latents;
        for (var step = 0; step < config.Steps; step++)
        {
            for (var within = 0; within < config.NumLatentsPerStep; within++, latent++)
            {
                batch.LatentIndex[latent] = within;
                batch.LatentTimes[latent] = step * config.LatentStep + config.LatentStep / 2;
            }
        }
    }

    private bool InWindow(double time) => time >= 0 && time < config.SequenceLength;

    private int TokenCount(PoyoSample sample) => 2 * sample.UnitRows.Count + sample.SpikeTimes.Count(InWindow);

    private static int Longest(IEnumerable<int> lengths, int multiple) => (lengths.DefaultIfEmpty(0).Max() + multiple - 1) / multiple * multiple;

    private static void Check(PoyoSample sample, int index)
    {
        if (sample.SpikeUnits.Count != sample.SpikeTimes.Count)
            throw new ArgumentException($"Sample {index} has {sample.SpikeTimes.Count} spike times and {sample.SpikeUnits.Count} spike units.");
        for (var spike = 0; spike < sample.SpikeTimes.Count; spike++)
        {
            if (!double.IsFinite(sample.SpikeTimes[spike])) throw new ArgumentException($"Spike {spike} of sample {index} has the time {sample.SpikeTimes[spike]}.");
            if ((uint)sample.SpikeUnits[spike] >= (uint)sample.UnitRows.Count)
                throw new ArgumentException($"Spike {spike} of sample {index} is of unit {sample.SpikeUnits[spike]}; the sample has {sample.UnitRows.Count} units.");
        }

        for (var query = 0; query < sample.QueryTimes.Count; query++)
        {
            if (!double.IsFinite(sample.QueryTimes[query])) throw new ArgumentException($"Query {query} of sample {index} has the time {sample.QueryTimes[query]}.");
        }
    }
}
