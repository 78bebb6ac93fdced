using Realtime.Engine.Numerics;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Training.Transformers;

/// <summary>Windows whose targets are a fixed linear function of their spike counts, with noise.</summary>
internal sealed class LinearWindows(int units, int steps, int batch, ulong seed) : IBatches<TrainingWindow>
{
    public int StepsPerEpoch => steps;

    public IReadOnlyList<TrainingWindow> Batch(int epoch, int step) =>
        [.. Enumerable.Range(0, batch).Select(index => Window(new PortableRandom(seed, (ulong)((epoch * steps + step) * batch + index))))];

    public static float[] Counts(TrainingWindow window, int units)
    {
        var counts = new float[units];
        foreach (var unit in window.SpikeUnits) counts[window.UnitRows[unit] - 1]++;
        return counts;
    }

    public TrainingWindow Window(PortableRandom random)
    {
        var spikes = Enumerable.Range(0, 3 * units).Select(_ => random.Below(units)).ToArray();
        var counts = new int[units];
        foreach (var unit in spikes) counts[unit]++;
        var x = counts.Select((count, unit) => count * Math.Cos(unit)).Sum();
        var y = counts.Select((count, unit) => count * Math.Sin(unit)).Sum();
        return new TrainingWindow
        {
            Length = 1,
            SessionRow = 1,
            UnitRows = [.. Enumerable.Range(1, units)],
            SpikeUnits = spikes,
            SpikeTimes = [.. spikes.Select((_, index) => index * 0.9 / spikes.Length)],
            QueryTimes = [1],
            Targets = [(float)(0.3 * x + 0.05 * random.Normal()), random.Uniform() < 0.2 ? float.NaN : (float)(0.3 * y)],
            QueryWeights = [1],
        };
    }
}
