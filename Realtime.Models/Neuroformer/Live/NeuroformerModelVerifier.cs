using Realtime.Engine.Decoding;
using Realtime.Engine.Numerics;
using Realtime.Models.Kernels;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>Runs a Neuroformer model file live over random spikes and frames, and each window through the plain form.</summary>
internal static class NeuroformerModelVerifier
{
    private const double Tolerance = 1e-4;
    private const ulong Seed = 20240;
    private const int Windows = 6;
    private const double SpikesPerUnitPerSecond = 4;
    private const long StartNs = 32_400_123_456_789;

    // Pieces of work between two bins: enough for all of them, few enough to stop a decoder that never has done.
    private const int MostPieces = 10_000;

    /// <summary>Two cases: nothing prepared, at uneven hops; and everything prepared that can be, at hops of the current window, by two threads where there are two cores.</summary>
    /// <exception cref="ModelFormatException">The file cannot be loaded.</exception>
    public static IReadOnlyList<VerifyCase> Run(ModelFile file)
    {
        var settings = NeuroformerDecoder.ReadSettings(file);
        using var first = new NeuroformerDecoder(file, new DecoderOptions());
        using var second = new NeuroformerDecoder(file, new DecoderOptions { ComputeThreads = Math.Min(2, Environment.ProcessorCount) });
        var plain = new NeuroformerNetwork(NeuroformerWeights.Read(new WeightReader(file.Tensors), settings.HyperParameters));
        return
        [
            new("neuroformer live against plain, nothing prepared", Stages(first, plain, settings, prepares: false)),
            new("neuroformer live against plain, all prepared", Stages(second, plain, settings, prepares: true)),
        ];
    }

    private static VerifyStage[] Stages(NeuroformerDecoder decoder, NeuroformerNetwork plain, NeuroformerSettings settings, bool prepares)
    {
        var config = settings.HyperParameters;
        var random = new PortableRandom(Seed, prepares ? 1UL : 2UL);
        var (times, units) = RandomSpikes(random, settings.UnitTokens.Count, config, decoder.Description.WindowNs);
        var frames = config.Frames is null ? null : RandomFrames(random, config);
        var answer = new float[decoder.Description.Outputs.Count];
        var largest = new double[answer.Length];
        var shown = 0;
        var endNs = StartNs + decoder.Description.WindowNs;
        for (var window = 0; window < Windows; window++, endNs += prepares ? config.CurrNs : 1 + random.Below((int)Math.Min(int.MaxValue, config.CurrNs)))
        {
            for (; frames is not null && ShownNs(config, shown) < endNs; shown++) decoder.TakeFrame(ShownNs(config, shown), frames[shown]);
            var content = Content(times, units, decoder.Description.WindowNs, endNs);
            for (var settledNs = endNs - config.CurrNs; prepares && settledNs < endNs; settledNs += config.ResolutionNs)
                for (var piece = 0; piece < MostPieces && decoder.Prepare(content, settledNs); piece++) { }
            decoder.Decode(content, answer);
            Compare(answer, Reference(plain, settings, content, frames is null ? null : Clip(config, settings, frames, shown)), settings, largest);
        }

        return [.. largest.Select((difference, output) => new VerifyStage($"pred.{decoder.Description.Outputs[output].Name}", difference, Tolerance))];
    }

    private static float[] Reference(NeuroformerNetwork plain, NeuroformerSettings settings, in SpikeWindow window, float[]? frames)
    {
        var config = settings.HyperParameters;
        var neurons = new int[window.Units.Length];
        for (var i = 0; i < neurons.Length; i++) neurons[i] = settings.UnitTokens[window.Units[i]];
        var (current, past) = new NeuroformerTokenizer(config).Sequences(window.TimesNs, neurons, window.EndNs);
        IReadOnlyList<IReadOnlyList<double?>> inputs =
            [.. config.Groups.Select(group => (IReadOnlyList<double?>)[.. group.Variables.Select(variable => variable.Predict ? (double?)null : 0)])];
        var output = plain.Forward([NeuroformerTokenizer.Window(current, past, frames, inputs)]);
        var chosen = config.Groups.ToList().FindIndex(group => group.Name == settings.Group);
        return [.. output.Predictions[chosen].SelectMany((values, variable) =>
        {
            if (config.Groups[chosen].Variables[variable].Classes > 0) KernelSet.Best.Softmax(values, 1, values.Length);
            return values;
        })];
    }

    private static void Compare(float[] answer, float[] reference, NeuroformerSettings settings, double[] largest)
    {
        for (var output = 0; output < answer.Length; output++)
        {
            // In the model's own units, so that the tolerance means the same for every recording.
            var (sd, mean) = (At(settings.OutputSd, output, 1), At(settings.OutputMean, output, 0));
            var difference = Math.Abs(answer[output] - (float)((float)sd * reference[output] + (float)mean)) / (sd == 0 ? 1 : Math.Abs(sd));
            largest[output] = double.IsNaN(difference) || double.IsNaN(largest[output]) ? double.NaN : Math.Max(largest[output], difference);
        }
    }

    private static double At(IReadOnlyList<double> values, int index, double missing) => values.Count == 0 ? missing : values[index];

    private static SpikeWindow Content(long[] times, int[] units, long windowNs, long endNs)
    {
        var (first, end) = (Place(endNs - windowNs), Place(endNs));
        return new SpikeWindow(endNs - windowNs, endNs, times.AsSpan(first, end - first), units.AsSpan(first, end - first));

        int Place(long timeNs) => Array.FindIndex(times, time => time >= timeNs) is var at && at < 0 ? times.Length : at;
    }

    private static (long[] Times, int[] Units) RandomSpikes(PortableRandom random, int units, NeuroformerConfig config, long windowNs)
    {
        var lengthNs = windowNs + Windows * config.CurrNs;
        var count = Math.Min(units * SpikesPerUnitPerSecond * lengthNs * 1e-9, 2.0 * (config.BlockId + config.BlockPrevId) * lengthNs / windowNs);
        (long Time, int Unit)[] spikes = [.. Enumerable.Range(0, (int)Math.Ceiling(count))
            .Select(_ => (Time: StartNs + (long)random.Uniform(0, lengthNs), Unit: random.Below(units))).OrderBy(spike => spike.Time).ThenBy(spike => spike.Unit)];
        return (Array.ConvertAll(spikes, spike => spike.Time), Array.ConvertAll(spikes, spike => spike.Unit));
    }

    private static long ShownNs(NeuroformerConfig config, int frame) => StartNs - (long)(config.Frames!.Count * 1e9 / config.Frames.Rate) + (long)(frame * 1e9 / config.Frames.Rate);

    private static float[][] RandomFrames(PortableRandom random, NeuroformerConfig config)
    {
        var frames = config.Frames!;
        var count = frames.Count + 2 + (int)Math.Ceiling((config.WindowPrev + (Windows + 1) * config.WindowCurr) * frames.Rate);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, frames.Height * frames.Width).Select(_ => (float)random.Normal()).ToArray())];
    }

    /// <summary>The last frames, the newest of them standing for those that are not there yet.</summary>
    private static float[] Clip(NeuroformerConfig config, NeuroformerSettings settings, float[][] frames, int shown) =>
        [.. Enumerable.Range(0, config.Frames!.Count).SelectMany(i => frames[Math.Min(shown - 1, shown + settings.FrameLookAhead - config.Frames.Count + i)])];
}
