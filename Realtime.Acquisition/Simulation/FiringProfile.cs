using System.Text.Json.Nodes;
using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>How one neuron fires apart from its tuning: refractoriness, bursts, gains and drift.</summary>
internal sealed record FiringProfile
{
    // Slow changes of a single neuron's excitability.
    public const double PrivateTauSeconds = 8;

    public required double AbsoluteRefractoryMs { get; init; }

    /// <summary>Time constant with which the rate recovers after the absolute refractory period.</summary>
    public required double RecoveryMs { get; init; }

    /// <summary>Probability that a spike is followed by one of the same burst.</summary>
    public required double BurstProbability { get; init; }

    /// <summary>Time constant of the intervals within bursts, beyond the absolute refractory period.</summary>
    public required double BurstMs { get; init; }

    public required double SlowLoading { get; init; }

    public required double FastLoading { get; init; }

    public required double PrivateSigma { get; init; }

    public required double ThetaDepth { get; init; }

    public required double ThetaPhase { get; init; }

    /// <summary>Natural log of the rate's change from the session's start to its end.</summary>
    public required double RateDrift { get; init; }

    public static FiringProfile Draw(SimulationOptions options, PortableRandom random)
    {
        var (burst, burstMs, privateSigma) = options.Kind switch
        {
            SimulationKind.HeadDirection => (0.04, 4.0, 0.3),
            SimulationKind.Visual => (0.03, 4.0, 0.2),
            SimulationKind.Reach => (0.02, 4.0, 0.15),
            _ => (0.09, 4.0, 0.45),
        };
        return new FiringProfile
        {
            AbsoluteRefractoryMs = random.Uniform(1.5, 2.5),
            RecoveryMs = random.Uniform(1, 3),
            BurstProbability = Math.Min(0.8, options.Burstiness * random.LogNormal(burst, 0.5)),
            BurstMs = burstMs,
            SlowLoading = options.SharedNoise * random.Uniform(0.3, 1.2),
            // A few units go against the rest.
            FastLoading = options.SharedNoise * random.Uniform(-0.2, 1.3),
            PrivateSigma = privateSigma,
            ThetaDepth = options.Kind == SimulationKind.Place ? random.Uniform(0.3, 0.9) : 0,
            ThetaPhase = random.Uniform(0, 2 * Math.PI),
            RateDrift = options.RateDrift * random.Normal(),
        };
    }

    public JsonObject Describe() => new()
    {
        ["absolute_refractory_ms"] = AbsoluteRefractoryMs,
        ["recovery_ms"] = RecoveryMs,
        ["burst_probability"] = BurstProbability,
        ["burst_ms"] = BurstMs,
        ["slow_gain_loading"] = SlowLoading,
        ["fast_gain_loading"] = FastLoading,
        ["private_gain_sigma"] = PrivateSigma,
        ["theta_depth"] = ThetaDepth,
        ["theta_phase_rad"] = ThetaPhase,
        ["log_rate_drift"] = RateDrift,
    };
}
