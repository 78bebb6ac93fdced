using Realtime.Engine.Sessions;

namespace Realtime.Models.Tests.Mtm.Training;

/// <summary>A made-up recording in trials of 0.4 s: two latent signals of each trial drive units of three regions, and one of them is the behaviour. Seeded.</summary>
internal static class TrialSession
{
    public const int Bins = 20;

    /// <param name="name">Of the session.</param>
    /// <param name="units">Units.</param>
    /// <param name="trials">Trials, split 60/20/20.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="silent">A unit that never fires, or -1.</param>
    public static Session Make(string name = "trials", int units = 18, int trials = 60, int seed = 1, int silent = -1)
    {
        var random = new Random(seed);
        var spikes = new List<(long Sample, int Unit)>();
        var behaviour = new List<(long Sample, float Side)>();
        var segments = new List<TimeRange>();
        for (var trial = 0; trial < trials; trial++)
        {
            var start = 1.5 * trial + 0.25;
            segments.Add(new TimeRange(start, start + 0.4));
            var (side, drive) = (random.Next(3) - 1, random.NextDouble() * 2 - 1);
            for (var bin = 0; bin < Bins; bin++)
            {
                var at = (long)Math.Round(start * 30_000) + bin * 600;
                behaviour.Add((at + 300, side));
                for (var unit = 0; unit < units; unit++)
                {
                    if (unit == silent) continue;
                    var rate = 0.4 * Math.Exp(0.9 * Math.Cos(unit) * side * Math.Min(1, bin / 5.0) + 0.9 * Math.Sin(2 * unit) * drive);
                    if (random.NextDouble() < rate) spikes.Add((at + random.Next(600), unit));
                }
            }
        }

        var ordered = spikes.OrderBy(spike => spike).ToArray();
        var end = 1.5 * trials;
        return new Session
        {
            Name = name,
            SampleRateHz = 30_000,
            Units = UnitTable.Numbered(units),
            UnitRegions = [.. Enumerable.Range(0, units).Select(unit => new[] { "CA1", "VISp", "LP" }[unit % 3])],
            SpikeSamples = Array.ConvertAll(ordered, spike => spike.Sample),
            SpikeUnits = Array.ConvertAll(ordered, spike => spike.Unit),
            Behaviour = [new("side", ""), new("constant", "")],
            BehaviourSamples = [.. behaviour.Select(row => row.Sample)],
            BehaviourValues = [.. behaviour.SelectMany(row => new[] { row.Side, 1f })],
            DurationSeconds = end,
            Segments = segments,
            Train = [new TimeRange(0, 0.6 * end)],
            Valid = [new TimeRange(0.6 * end, 0.8 * end)],
            Test = [new TimeRange(0.8 * end, end)],
        };
    }
}
