using Realtime.Engine.Decoding;

namespace Realtime.Engine.Sessions;

/// <summary>
/// A recorded or simulated session in memory: spikes, behaviour and splits, with no notion of the files they came from.
/// Times are sample numbers of one clock, so that replayed and offline decoding see the very same numbers.
/// </summary>
public sealed record Session
{
    public required string Name { get; init; }

    /// <summary>Samples per second of <see cref="SpikeSamples"/> and <see cref="BehaviourSamples"/>.</summary>
    public required double SampleRateHz { get; init; }

    public required UnitTable Units { get; init; }

    /// <summary>Brain region of each unit, in the table's order; empty where the recording names none.</summary>
    public IReadOnlyList<string> UnitRegions { get; init; } = [];

    /// <summary>Sample number of each spike, ascending.</summary>
    public required long[] SpikeSamples { get; init; }

    /// <summary>Unit row of each spike.</summary>
    public required int[] SpikeUnits { get; init; }

    /// <summary>Names and units of the behaviour columns; D of them.</summary>
    public required IReadOnlyList<OutputChannel> Behaviour { get; init; }

    /// <summary>Sample number of each behaviour row, ascending; T of them.</summary>
    public required long[] BehaviourSamples { get; init; }

    /// <summary>Behaviour, row-major [T, D]; NaN where unknown.</summary>
    public required float[] BehaviourValues { get; init; }

    /// <summary>What was on the screen; null where the session holds no video frames.</summary>
    public SessionFrames? Frames { get; init; }

    public required double DurationSeconds { get; init; }

    /// <summary>Unbroken stretches of the recording.</summary>
    public required IReadOnlyList<TimeRange> Segments { get; init; }

    public required IReadOnlyList<TimeRange> Train { get; init; }

    public required IReadOnlyList<TimeRange> Valid { get; init; }

    public required IReadOnlyList<TimeRange> Test { get; init; }

    /// <summary>Where the data come from and under which licence, as the session's own text says; may be empty.</summary>
    public string Source { get; init; } = "";

    /// <summary>The behaviour column of that name, or -1.</summary>
    public int BehaviourColumn(string name)
    {
        for (var column = 0; column < Behaviour.Count; column++)
            if (Behaviour[column].Name == name) return column;
        return -1;
    }

    /// <summary>Seconds to the nearest sample number.</summary>
    public long SampleAt(double seconds) => (long)Math.Round(seconds * SampleRateHz);
}
