namespace Realtime.Acquisition.Simulation;

/// <summary>What network of coupled neurons to simulate.</summary>
public sealed record CoupledOptions
{
    /// <summary>Neurons, 2 to 200.</summary>
    public int Units { get; init; } = 24;

    /// <summary>Length in minutes, 0.1 to 600.</summary>
    public double Minutes { get; init; } = 40;

    /// <summary>Equal options give equal sessions, bit for bit.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Sources of each neuron, 0 to units - 1.</summary>
    public int Inputs { get; init; } = 3;

    /// <summary>Rate that every neuron is set to, Hz.</summary>
    public double RateHz { get; init; } = 7;

    /// <summary>Chance of a coupling to inhibit.</summary>
    public double InhibitoryShare { get; init; } = 0.35;

    /// <summary>Scales all couplings; 1 = 1.2 to 2 for excitation, -2.5 to -1.5 for inhibition.</summary>
    public double Strength { get; init; } = 1;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message says which.</exception>
    public void Validate()
    {
        const double maxUnitMinutes = 60_000;
        Check(Units is >= 2 and <= 200, nameof(Units), Units, "2 to 200 for coupled neurons");
        Check(Minutes is >= 0.1 and <= 600, nameof(Minutes), Minutes, "0.1 to 600");
        Check(Units * Minutes <= maxUnitMinutes, nameof(Minutes), Minutes, $"at most {maxUnitMinutes / Units} with {Units} units");
        Check(Inputs >= 0 && Inputs < Units, nameof(Inputs), Inputs, $"0 to {Units - 1}");
        Check(RateHz is >= 0.1 and <= 50, nameof(RateHz), RateHz, "0.1 to 50");
        Check(InhibitoryShare is >= 0 and <= 1, nameof(InhibitoryShare), InhibitoryShare, "0 to 1");
        Check(Strength is >= 0 and <= 2, nameof(Strength), Strength, "0 to 2");
    }

    private static void Check(bool holds, string name, object value, string range)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
    }
}
