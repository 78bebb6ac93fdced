namespace Realtime.Acquisition.Simulation;

/// <summary>What to simulate. The defaults of the shares and strengths are set against real recordings; see docs/simulator.md.</summary>
public sealed record SimulationOptions
{
    // About 70 million spikes at motor cortex's rates, some GB while they are sorted.
    private const double MaxUnitMinutes = 60_000;

    public SimulationKind Kind { get; init; } = SimulationKind.HeadDirection;

    /// <summary>Units, 1 to 10,000.</summary>
    public int Units { get; init; } = 40;

    /// <summary>Length in minutes, 0.1 to 600.</summary>
    public double Minutes { get; init; } = 5;

    /// <summary>Equal options give equal sessions, bit for bit.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Standard deviation, over units, of the natural log of the rate's change from the first to the last moment.</summary>
    public double RateDrift { get; init; } = 0.2;

    /// <summary>Standard deviation, over units, of the tuning's shift over the session: radians, or for place fields tenths of the
    /// box, for fields on a screen quarters of its width.</summary>
    public double TuningDrift { get; init; } = 0.1;

    public double SilentShare { get; init; } = 0.05;

    public double DuplicateShare { get; init; } = 0.04;

    public double MultiUnitShare { get; init; } = 0.1;

    /// <summary>Strength of the gain that units share: standard deviation of its natural log.</summary>
    public double SharedNoise { get; init; } = 0.25;

    /// <summary>Scales each unit's burst probability; 0 = no bursts, 1 = as in the recordings of the kind.</summary>
    public double Burstiness { get; init; } = 1;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message says which.</exception>
    public void Validate()
    {
        Check(Enum.IsDefined(Kind), nameof(Kind), Kind, "HeadDirection, Reach, Place or Visual");
        Check(Units is >= 1 and <= 10_000, nameof(Units), Units, "1 to 10000");
        Check(Minutes is >= 0.1 and <= 600, nameof(Minutes), Minutes, "0.1 to 600");
        Check(Units * Minutes <= MaxUnitMinutes, nameof(Minutes), Minutes, $"at most {MaxUnitMinutes / Units} with {Units} units");
        Check(RateDrift is >= 0 and <= 2, nameof(RateDrift), RateDrift, "0 to 2");
        Check(TuningDrift is >= 0 and <= 3, nameof(TuningDrift), TuningDrift, "0 to 3");
        Check(SilentShare is >= 0 and <= 1, nameof(SilentShare), SilentShare, "0 to 1");
        Check(DuplicateShare is >= 0 and <= 0.5, nameof(DuplicateShare), DuplicateShare, "0 to 0.5");
        Check(MultiUnitShare is >= 0 and <= 1, nameof(MultiUnitShare), MultiUnitShare, "0 to 1");
        var shares = SilentShare + DuplicateShare + MultiUnitShare;
        Check(shares <= 1, nameof(MultiUnitShare), MultiUnitShare,
            $"at most {1 - SilentShare - DuplicateShare}, so that the shares stay within 1");
        Check(SharedNoise is >= 0 and <= 2, nameof(SharedNoise), SharedNoise, "0 to 2");
        Check(Burstiness is >= 0 and <= 3, nameof(Burstiness), Burstiness, "0 to 3");
    }

    private static void Check(bool holds, string name, object value, string range)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
    }
}
