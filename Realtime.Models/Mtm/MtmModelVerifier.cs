using Realtime.Engine.Decoding;
using Realtime.Engine.Numerics;
using Realtime.Models.Kernels;
using Realtime.Models.Verification;

namespace Realtime.Models.Mtm;

/// <summary>Runs a model file live over random spikes, with bins that are lost and bins that are missing, and whole stretches through the plain form.</summary>
internal static class MtmModelVerifier
{
    private const double Tolerance = 1e-5;

    // Weights of 8 bits of precision: a sum of many such errors, after all blocks. What was found is stated beside it.
    private const double HalfTolerance = 5e-2;

    private const ulong Seed = 20_250;
    private const int Checks = 8;
    private const int MostBins = 300;
    private const long StartNs = 32_400_120_000_000;
    private const double SpikesPerBin = 0.2;
    private const int LostEach = 7;
    private const int MissingEach = 11;

    /// <exception cref="ModelFormatException">The file cannot be loaded.</exception>
    public static IReadOnlyList<VerifyCase> Run(ModelFile file)
    {
        var model = MtmModel.Read(file);
        var kernels = KernelSet.Best;
        var (settings, maxF) = (model.Settings, model.Settings.HyperParameters.MaxF);
        var bins = settings.Mode switch
        {
            MtmLiveMode.Trial => settings.TrialBins > 0 ? settings.TrialBins : maxF,
            MtmLiveMode.Rotary => Math.Min(3 * (settings.ContextBackward + 1), MostBins),
            _ => maxF + maxF / 10 + 1,
        };
        List<VerifyStage> stages = [];
        var exact = settings.HalfWeights ? HalfWeights.Rounded(model) : model;
        stages.Add(new VerifyStage(settings.HalfWeights ? $"{settings.Readout}, rounded weights" : settings.Readout, Against(exact), Tolerance));
        if (settings.HalfWeights) stages.Add(new VerifyStage("error of bfloat16 weights", Against(model), HalfTolerance));
        return [new VerifyCase($"mtm live ({settings.Mode.ToString().ToLowerInvariant()}) against plain, {bins} bins", stages)];

        double Against(MtmModel plain)
        {
            var decoder = new MtmDecoder(file, kernels);
            decoder.BeginTrial(StartNs);
            return Largest(decoder, model, new MtmReference(plain, file.Config.BinNs, kernels), bins, file.Config.BinNs);
        }
    }

    private static double Largest(MtmDecoder decoder, MtmModel model, MtmReference reference, int bins, long binNs)
    {
        var random = new PortableRandom(Seed, 1);
        var (counts, valid) = (new List<float[]>(), new List<bool>());
        var answer = new float[decoder.Description.Outputs.Count];
        double largest = 0;

        // The head holds the newest state for a bin that never came, which the plain form, computing it, does not.
        var mayMiss = model.Settings.HeadBins == 1 || model.Settings.Mode == MtmLiveMode.Sliding;
        for (var bin = 0; bin < bins; bin++)
        {
            var isMissing = mayMiss && bin % MissingEach == MissingEach - 1;
            var isLost = bin % LostEach == LostEach - 1;
            var units = isMissing ? [] : Units(random, model.Weights.Neurons);
            var startNs = StartNs + bin * binNs;
            counts.Add(Counts(units, model.Weights.Neurons));
            valid.Add(!isMissing && !isLost);
            if (isMissing) continue;
            decoder.Decode(new SpikeWindow(startNs, startNs + binNs, Enumerable.Repeat(startNs, units.Length).ToArray(), units, isLost), answer);
            if (bin % Math.Max(1, bins / Checks) != 0 && bin < bins - 2) continue;
            largest = Worse(largest, Difference(answer, reference.Answer(counts, valid), model.Settings));
        }

        return largest;
    }

    private static double Difference(float[] answer, double[] due, MtmSettings settings)
    {
        double largest = 0;
        for (var i = 0; i < answer.Length; i++)
        {
            if (double.IsNaN(due[i]) && float.IsNaN(answer[i])) continue;

            // In the model's own units, so that the tolerance means the same for every recording.
            var (sd, mean) = (settings.OutputSd.Count == 0 ? 1 : settings.OutputSd[i], settings.OutputMean.Count == 0 ? 0 : settings.OutputMean[i]);
            largest = Worse(largest, Math.Abs(answer[i] - (due[i] * sd + mean)) / ((sd == 0 ? 1 : Math.Abs(sd)) * (1 + Math.Abs(due[i]))));
        }

        return largest;
    }

    private static int[] Units(PortableRandom random, int neurons) =>
        [.. Enumerable.Range(0, neurons).SelectMany(neuron => Enumerable.Repeat(neuron, random.Uniform(0, 1) < SpikesPerBin ? 1 + random.Below(2) : 0))];

    private static float[] Counts(int[] units, int neurons)
    {
        var counts = new float[neurons];
        foreach (var unit in units) counts[unit]++;
        return counts;
    }

    private static double Worse(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : Math.Max(a, b);
}
