using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Models.Tests.Neuroformer.Connectivity;

/// <summary>A made-up chain of neurons: each excites the next one, 10 to 20 ms later. Seeded; written apart from the program's own simulator.</summary>
internal static class CoupledSpikes
{
    /// <summary>[targets, sources].</summary>
    public static double[] Weights(int units) => [.. Enumerable.Range(0, units * units).Select(pair => pair / units == (pair % units + 1) % units ? 1.0 : 0.0)];

    public static Session Make(int units, double seconds, int seed)
    {
        var random = new Random(seed);
        var bins = (int)(seconds * 100);
        var (samples, rows) = (new List<long>(), new List<int>());
        var before = new bool[units];
        for (var bin = 0; bin < bins; bin++)
        {
            var now = new bool[units];
            for (var unit = 0; unit < units; unit++)
            {
                now[unit] = random.NextDouble() < (before[(unit + units - 1) % units] ? 0.4 : 0.03);
                if (!now[unit]) continue;
                samples.Add(bin * 300L + 10 * unit);
                rows.Add(unit);
            }

            before = now;
        }

        return new Session
        {
            Name = "coupled",
            SampleRateHz = 30_000,
            Units = UnitTable.Numbered(units),
            SpikeSamples = [.. samples],
            SpikeUnits = [.. rows],
            Behaviour = [new OutputChannel("noise", "1")],
            BehaviourSamples = [.. Enumerable.Range(0, bins).Select(bin => bin * 300L)],
            BehaviourValues = [.. Enumerable.Range(0, bins).Select(_ => (float)random.NextDouble())],
            DurationSeconds = seconds,
            Segments = [new TimeRange(0, seconds)],
            Train = [new TimeRange(0, 0.9 * seconds)],
            Valid = [new TimeRange(0.9 * seconds, seconds)],
            Test = [],
        };
    }
}
