using System.Globalization;
using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;
using Realtime.Models.Transformer;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Poyo;

/// <summary>Runs a POYO model file live over a stream of random spikes, and each window through the plain form.</summary>
internal static class PoyoModelVerifier
{
    private const int Seed = 20230;
    private const int Windows = 8;
    private const double SpikesPerUnitPerSecond = 10;
    private const int MostSpikes = 3000;
    private const long StartNs = 32_400_123_456_789;

    /// <summary>One case per hop: unknown and uneven, a step of the latents, a fifth of it; the last with two threads where there are two cores.</summary>
    /// <exception cref="ModelFormatException">The file cannot be loaded.</exception>
    public static IReadOnlyList<VerifyCase> Run(ModelFile file, double tolerance)
    {
        var settings = SettingsJson.Read<PoyoSettings>(file.Config.Settings, file.Name, "config.settings");
        var weights = PoyoWeights.Read(new WeightReader(file.Tensors), settings.HyperParameters);
        var plain = new PoyoNetwork(weights, KernelSet.Best);
        var stepNs = (long)Math.Round(weights.Config.LatentStep * 1e9);
        var threads = Math.Min(2, Environment.ProcessorCount);
        return
        [
            Case("uneven hops", 0, 1),
            Case(string.Create(CultureInfo.InvariantCulture, $"hop {stepNs / 1e6:0.###} ms"), stepNs, 1),
            Case(string.Create(CultureInfo.InvariantCulture, $"hop {stepNs / 5 / 1e6:0.###} ms, {threads} threads"), stepNs / 5, threads),
        ];

        VerifyCase Case(string name, long hopNs, int threads)
        {
            var options = new DecoderOptions { HopNs = hopNs, ComputeThreads = threads, MaxWindowSpikes = 2 * MostSpikes };
            var decoder = ModelLoader.Create(file, options);
            try
            {
                var difference = Largest(decoder, plain, weights, settings, hopNs == 0 ? stepNs / 3 : hopNs, uneven: hopNs == 0);
                return new VerifyCase($"poyo live against plain, {name}", [new VerifyStage("pred", difference, tolerance)]);
            }
            finally
            {
                (decoder as IDisposable)?.Dispose();
            }
        }
    }

    private static double Largest(IDecoder decoder, PoyoNetwork plain, PoyoWeights weights, PoyoSettings settings, long hopNs, bool uneven)
    {
        var random = new Random(Seed);
        var windowNs = decoder.Description.WindowNs;
        var lengthNs = windowNs + 2 * Windows * hopNs;
        var spikes = RandomSpikes(random, settings.UnitRows.Count, lengthNs, windowNs);
        var tokenizer = new PoyoTokenizer(weights.Config);
        var session = settings.SessionVocab.ToList().IndexOf(settings.Session);
        var answer = new float[weights.Outputs];
        double largest = 0;
        var endNs = StartNs + windowNs;
        for (var tick = 0; tick < Windows; tick++, endNs += uneven ? hopNs / 2 + random.NextInt64(hopNs) : hopNs)
        {
            var startNs = endNs - windowNs;
            var window = spikes.Where(spike => spike.TimeNs >= startNs && spike.TimeNs < endNs).ToArray();
            var units = Array.ConvertAll(window, spike => spike.Unit);
            decoder.Decode(new SpikeWindow(startNs, endNs, Array.ConvertAll(window, spike => spike.TimeNs), units), answer);
            var reference = plain.Forward(tokenizer.Tokenize(new PoyoSample
            {
                UnitRows = settings.UnitRows,
                SpikeUnits = units,
                SpikeTimes = Array.ConvertAll(window, spike => (spike.TimeNs - startNs) * 1e-9),
                SessionRow = session,
                QueryTimes = [weights.Config.SequenceLength - settings.QueryLag],
            }));
            for (var output = 0; output < answer.Length; output++)
            {
                // In the model's own units, so that the tolerance means the same for every recording.
                var (sd, mean) = (At(settings.OutputSd, output, 1), At(settings.OutputMean, output, 0));
                var difference = Math.Abs(answer[output] - (float)((float)sd * reference[output] + (float)mean)) / (sd == 0 ? 1 : Math.Abs(sd));
                if (double.IsNaN(difference)) return double.NaN;
                largest = Math.Max(largest, difference);
            }
        }

        return largest;
    }

    private static double At(IReadOnlyList<double> values, int index, double missing) => values.Count == 0 ? missing : values[index];

    private static (long TimeNs, int Unit)[] RandomSpikes(Random random, int units, long lengthNs, long windowNs)
    {
        var perWindow = Math.Min(MostSpikes, units * SpikesPerUnitPerSecond * windowNs * 1e-9);
        var count = (int)Math.Ceiling(perWindow * lengthNs / windowNs);
        return [.. Enumerable.Range(0, count).Select(_ => (TimeNs: StartNs + random.NextInt64(lengthNs), Unit: random.Next(units))).OrderBy(spike => spike.TimeNs)];
    }
}
