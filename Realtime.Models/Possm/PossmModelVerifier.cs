using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;
using Realtime.Models.Transformer;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Possm;

/// <summary>Runs a POSSM model file live over a stream of random spikes, chunk by chunk, and the whole stream through the plain form.</summary>
internal static class PossmModelVerifier
{
    private const int Seed = 20250;
    private const int Chunks = 40;
    private const double SpikesPerUnitPerSecond = 10;
    private const int LeastOfFullestChunk = 500;
    private const long StartNs = 32_400_123_456_789;

    // Of so many chunks one is empty, as a chunk without spikes has a blank of its own.
    private const int EmptyEach = 7;

    /// <exception cref="ModelFormatException">The file cannot be loaded.</exception>
    public static IReadOnlyList<VerifyCase> Run(ModelFile file, double tolerance)
    {
        var settings = SettingsJson.Read<PossmSettings>(file.Config.Settings, file.Name, "config.settings");
        var fullest = Math.Max(LeastOfFullestChunk, settings.VisibleTokens);
        var decoder = ModelLoader.Create(file, new DecoderOptions { HopNs = file.Config.BinNs, MaxWindowSpikes = fullest });
        var weights = PossmWeights.Read(new WeightReader(file.Tensors), settings.HyperParameters);
        var chunks = RandomChunks(settings.UnitRows.Count, fullest, file.Config.BinNs);
        var reference = Plain(weights, settings, chunks, file.Config.BinNs);
        var stage = new VerifyStage($"pred.{settings.Task}", Largest(decoder, settings, chunks, file.Config.BinNs, reference), tolerance);
        return [new VerifyCase($"possm live against plain, {Chunks} chunks", [stage])];
    }

    private static double Largest(IDecoder decoder, PossmSettings settings, (long TimeNs, int Unit)[][] chunks, long chunkNs, float[] reference)
    {
        var answer = new float[decoder.Description.Outputs.Count];
        double largest = 0;
        for (var chunk = 0; chunk < chunks.Length; chunk++)
        {
            // Settings that start the state again would leave the plain form, which never does, behind.
            if (settings.ResetEveryChunks > 0 && chunk == settings.ResetEveryChunks) break;
            var endNs = StartNs + (chunk + 1) * chunkNs;
            decoder.Decode(new SpikeWindow(endNs - chunkNs, endNs, Array.ConvertAll(chunks[chunk], spike => StartNs + spike.TimeNs), Array.ConvertAll(chunks[chunk], spike => spike.Unit)), answer);
            for (var output = 0; output < answer.Length; output++)
            {
                // In the model's own units, so that the tolerance means the same for every recording.
                var (sd, mean) = (At(settings.OutputSd, output, 1), At(settings.OutputMean, output, 0));
                var difference = Math.Abs(answer[output] - (float)((float)sd * reference[chunk * answer.Length + output] + (float)mean)) / (sd == 0 ? 1 : Math.Abs(sd));
                if (double.IsNaN(difference)) return double.NaN;
                largest = Math.Max(largest, difference);
            }
        }

        return largest;
    }

    private static float[] Plain(PossmWeights weights, PossmSettings settings, (long TimeNs, int Unit)[][] chunks, long chunkNs)
    {
        var width = chunkNs * 1e-9;
        var spikes = chunks.SelectMany(chunk => chunk).ToArray();
        var batch = PossmTokenizer.Tokenize(weights.Config, new PossmSample
        {
            Length = chunks.Length * width,
            SpikeTimes = Array.ConvertAll(spikes, spike => spike.TimeNs / 1e9),
            SpikeRows = Array.ConvertAll(spikes, spike => settings.UnitRows[spike.Unit]),
            SessionRow = settings.SessionVocab.ToList().IndexOf(settings.Session),
            Queries = [new PossmQueries(settings.Tasks.ToList().IndexOf(settings.Task) + 1, [.. Enumerable.Range(1, chunks.Length).Select(chunk => chunk * width - settings.QueryLag)])],
        });
        for (var chunk = 0; chunk < chunks.Length; chunk++)
        {
            // As the live form does: a query belongs to the newest chunk, also at its very end.
            batch.QueryChunks[chunk] = chunk + 1;
            if (settings.VisibleTokens == 0) continue;
            var places = batch.InputMask.AsSpan(chunk * batch.Tokens, batch.Tokens);
            places.Clear();
            places[..Math.Max(settings.VisibleTokens, chunks[chunk].Length)].Fill(true);
        }

        var mask = settings.VisibleTokens == 0 ? PossmMask.Strict : PossmMask.AsRun;
        return new PossmNetwork(weights, KernelSet.Best).Forward(batch, mask, settings.Tasks)[settings.Task];
    }

    /// <summary>Spikes of each chunk, ns from the stream's start, ascending. The first chunk is the fullest: it sets how many blanks the plain form can hold.</summary>
    private static (long TimeNs, int Unit)[][] RandomChunks(int units, int fullest, long chunkNs)
    {
        var random = new Random(Seed);
        var mean = Math.Min(fullest / 2.0, units * SpikesPerUnitPerSecond * chunkNs * 1e-9);
        return [.. Enumerable.Range(0, Chunks).Select(chunk =>
        {
            var count = chunk == 0 ? fullest : chunk % EmptyEach == 0 ? 0 : 1 + (int)(2 * mean * random.NextDouble());
            return Enumerable.Range(0, count)
                .Select(_ => (TimeNs: chunk * chunkNs + random.NextInt64(chunkNs), Unit: random.Next(units)))
                .OrderBy(spike => spike.TimeNs)
                .ToArray();
        })];
    }

    private static double At(IReadOnlyList<double> values, int index, double missing) => values.Count == 0 ? missing : values[index];
}
