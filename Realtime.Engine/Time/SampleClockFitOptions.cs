namespace Realtime.Engine.Time;

/// <summary>How a stream's sample clock is fitted to host time.</summary>
public sealed record SampleClockFitOptions
{
    /// <summary>Samples per host second that the clock should run at: the stream's rate, times the speed of a replay.</summary>
    public required double NominalRateHz { get; init; }

    /// <summary>Width of one window of arrivals, of which only the earliest counts. 1 s holds tens of blocks of any rig.</summary>
    public long WindowNs { get; init; } = 1_000_000_000;

    /// <summary>Windows kept: a minute of history averages the jitter without following temperature too slowly.</summary>
    public int Windows { get; init; } = 64;

    /// <summary>Largest believable deviation of the rate, parts per million. Crystals of rigs stay within tens of ppm.</summary>
    public double MaxDriftPpm { get; init; } = 100;

    /// <summary>Corrections up to this size are applied at once.</summary>
    public long DeadBandNs { get; init; } = 1_000_000;

    /// <summary>Corrections beyond this are a step: believed only after <see cref="StepConfirmations"/> windows agree.</summary>
    public long StepNs { get; init; } = 50_000_000;

    public int StepConfirmations { get; init; } = 3;
}
