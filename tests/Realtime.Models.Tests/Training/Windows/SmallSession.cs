using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Models.Tests.Training.Windows;

/// <summary>Sessions of any content in a line or two. 1 kHz clock: a sample is a ms.</summary>
internal sealed record SmallSession
{
    public string Name { get; init; } = "small";

    public int Units { get; init; } = 3;

    public double Seconds { get; init; } = 20;

    public OutputChannel[] Behaviour { get; init; } = [new("x", "cm")];

    /// <summary>Value of a channel at a ms.</summary>
    public Func<long, int, float> Value { get; init; } = (ms, _) => (float)Math.Sin(ms / 700.0);

    /// <summary>Samples with a behaviour row.</summary>
    public Func<long, bool> HasRow { get; init; } = ms => ms % 10 == 5;

    public TimeRange[]? Segments { get; init; }

    public TimeRange[]? Train { get; init; }

    public TimeRange[] Valid { get; init; } = [];

    public Func<int, bool> Fires { get; init; } = _ => true;

    public Session Make(int seed = 1)
    {
        var random = new Random(seed);
        var spikes = Enumerable.Range(0, (int)(Seconds * 1000)).SelectMany(ms => Enumerable.Range(0, Units)
            .Where(unit => Fires(unit) && random.Next(20) == 0).Select(unit => ((long)ms, unit))).ToArray();
        long[] rows = [.. Enumerable.Range(0, (int)(Seconds * 1000)).Select(ms => (long)ms).Where(HasRow)];
        return new Session
        {
            Name = Name,
            SampleRateHz = 1000,
            Units = UnitTable.Numbered(Units),
            SpikeSamples = Array.ConvertAll(spikes, spike => spike.Item1),
            SpikeUnits = Array.ConvertAll(spikes, spike => spike.unit),
            Behaviour = Behaviour,
            BehaviourSamples = rows,
            BehaviourValues = [.. rows.SelectMany(ms => Enumerable.Range(0, Behaviour.Length).Select(channel => Value(ms, channel)))],
            DurationSeconds = Seconds,
            Segments = Segments ?? [new TimeRange(0, Seconds)],
            Train = Train ?? [new TimeRange(0, Seconds)],
            Valid = Valid,
            Test = [],
        };
    }
}
