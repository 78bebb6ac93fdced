using Realtime.Models.Tests.Kernels;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Training.Networks;

/// <summary>Windows from a seed: units that never fire, windows without spikes, several sessions.</summary>
internal static class RandomWindows
{
    /// <param name="random">Draws.</param>
    /// <param name="length">Length, s.</param>
    /// <param name="unitRows">Units of the window; some may stay silent.</param>
    /// <param name="session">Row of the session table.</param>
    /// <param name="spikes">Spikes.</param>
    /// <param name="queries">Moments asked about.</param>
    /// <param name="outputs">Decoded quantities.</param>
    public static TrainingWindow Window(Random random, double length, int[] unitRows, int session, int spikes, int queries, int outputs) => new()
    {
        Length = length,
        SessionRow = session,
        UnitRows = unitRows,
        SpikeUnits = [.. Enumerable.Range(0, spikes).Select(_ => random.Next(unitRows.Length))],
        SpikeTimes = [.. Enumerable.Range(0, spikes).Select(_ => random.NextDouble() * length).Order()],
        QueryTimes = [.. Enumerable.Range(0, queries).Select(_ => length * (1 - random.NextDouble())).Order()],
        Targets = Samples.Normal(random, queries * outputs),
        QueryWeights = [.. Enumerable.Range(0, queries).Select(_ => random.NextSingle() + 0.5f)],
    };

    /// <summary>A batch that has them all: two sessions with units of their own, a window without spikes, one with a single query.</summary>
    public static TrainingWindow[] Batch(Random random, double length, int outputs) =>
    [
        Window(random, length, [1, 2, 3, 4], session: 1, spikes: 37, queries: 5, outputs),
        Window(random, length, [3, 1], session: 1, spikes: 0, queries: 3, outputs),
        Window(random, length, [5, 6, 8], session: 2, spikes: 2, queries: 1, outputs),
        Window(random, length, [6, 5, 8], session: 2, spikes: 61, queries: 7, outputs),
    ];
}
