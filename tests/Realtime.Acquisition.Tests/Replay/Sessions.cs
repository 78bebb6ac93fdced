using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Tests.Replay;

/// <summary>Small synthetic sessions at 30 kHz.</summary>
internal static class Sessions
{
    /// <summary>Two behaviour columns at 100 Hz; spikes at about 50 Hz per unit.</summary>
    public static Session Random(int seed, int units = 5, double seconds = 2, UnitTable? table = null)
    {
        var random = new Random(seed);
        var last = (int)(seconds * 30000);
        var samples = Enumerable.Range(0, (int)(units * seconds * 50)).Select(_ => (long)random.Next(last)).Order().ToArray();
        var rows = Enumerable.Range(0, (int)(seconds * 100)).Select(n => n * 300L).ToArray();
        return new Session
        {
            Name = "random",
            SampleRateHz = 30000,
            Units = table ?? UnitTable.Numbered(units),
            SpikeSamples = samples,
            SpikeUnits = samples.Select(_ => random.Next(units)).ToArray(),
            Behaviour = [new OutputChannel("hand_x", "cm"), new OutputChannel("hand_y", "cm")],
            BehaviourSamples = rows,
            BehaviourValues = Enumerable.Range(0, 2 * rows.Length).Select(n => n == 5 ? float.NaN : n / 7f).ToArray(),
            DurationSeconds = seconds,
            Segments = [new TimeRange(0, seconds)],
            Train = [],
            Valid = [],
            Test = [],
        };
    }
}
