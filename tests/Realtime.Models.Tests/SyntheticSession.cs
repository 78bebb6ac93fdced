using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Models.Tests;

/// <summary>A made-up animal: a slow random walk in a box and a slowly turning head, and units whose rates follow them. Seeded.</summary>
internal static class SyntheticSession
{
    public const double SampleRateHz = 30000;

    /// <param name="units">Units; odd ones follow x and y, even ones the direction.</param>
    /// <param name="seconds">Length; split 60/20/20.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="silent">A unit that never fires, or -1.</param>
    /// <param name="copyOf0">A unit that repeats unit 0 spike by spike, or -1.</param>
    public static Session Make(int units = 12, double seconds = 120, int seed = 1, int silent = -1, int copyOf0 = -1)
    {
        var random = new Random(seed);
        const double step = 0.01;
        var rows = (int)(seconds / step);
        var behaviour = new float[rows * Channels.Length];
        var spikes = new List<(long Sample, int Unit)>();
        double x = 0, y = 0, angle = 0;
        for (var row = 0; row < rows; row++)
        {
            x = 0.995 * x + 0.1 * (random.NextDouble() * 2 - 1);
            y = 0.995 * y + 0.1 * (random.NextDouble() * 2 - 1);
            angle += 0.2 * (random.NextDouble() * 2 - 1);
            float[] values = [(float)x, (float)y, (float)Math.Cos(angle), (float)Math.Sin(angle),
                (float)(angle - 2 * Math.PI * Math.Floor(angle / (2 * Math.PI))), (float)Math.Abs(10 * x)];
            values.CopyTo(behaviour, row * Channels.Length);
            for (var unit = 0; unit < units; unit++)
            {
                if (unit == silent || unit == copyOf0) continue;
                var preferred = 2 * Math.PI * unit / units;
                var drive = unit % 2 == 0 ? Math.Cos(angle - preferred) : Math.Cos(preferred) * x + Math.Sin(preferred) * y;
                if (random.NextDouble() >= 25 * Math.Exp(drive) * step) continue;

                // Whole 10 ms edges are drawn too, so that spikes fall on bin edges.
                var sample = row * 300L + random.Next(0, 300) / 50 * 50;
                spikes.Add((sample, unit));
                if (unit == 0 && copyOf0 >= 0) spikes.Add((sample, copyOf0));
            }
        }

        var ordered = spikes.OrderBy(spike => spike.Sample).ThenBy(spike => spike.Unit).ToArray();
        return new Session
        {
            Name = "synthetic",
            SampleRateHz = SampleRateHz,
            Units = UnitTable.Numbered(units),
            SpikeSamples = Array.ConvertAll(ordered, spike => spike.Sample),
            SpikeUnits = Array.ConvertAll(ordered, spike => spike.Unit),
            Behaviour = Channels,
            BehaviourSamples = Enumerable.Range(0, rows).Select(row => row * 300L + 150).ToArray(),
            BehaviourValues = behaviour,
            DurationSeconds = seconds,
            Segments = [new TimeRange(0, seconds)],
            Train = [new TimeRange(0, 0.6 * seconds)],
            Valid = [new TimeRange(0.6 * seconds, 0.8 * seconds)],
            Test = [new TimeRange(0.8 * seconds, seconds)],
        };
    }

    public static OutputChannel[] Channels { get; } =
    [
        new("x", "m"), new("y", "m"), new("cos_direction", "1"), new("sin_direction", "1"), new("direction", "rad"), new("speed", "m/s"),
    ];

    /// <summary>The same session with other splits or behaviour.</summary>
    public static Session With(this Session session, IReadOnlyList<TimeRange>? train = null, IReadOnlyList<TimeRange>? valid = null,
        IReadOnlyList<TimeRange>? test = null,
        IReadOnlyList<OutputChannel>? behaviour = null, float[]? values = null) => new()
        {
            Name = session.Name,
            SampleRateHz = session.SampleRateHz,
            Units = session.Units,
            SpikeSamples = session.SpikeSamples,
            SpikeUnits = session.SpikeUnits,
            Behaviour = behaviour ?? session.Behaviour,
            BehaviourSamples = session.BehaviourSamples,
            BehaviourValues = values ?? session.BehaviourValues,
            DurationSeconds = session.DurationSeconds,
            Segments = session.Segments,
            Train = train ?? session.Train,
            Valid = valid ?? session.Valid,
            Test = test ?? session.Test,
        };
}
