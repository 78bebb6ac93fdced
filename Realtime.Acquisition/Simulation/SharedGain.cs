using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>
/// What all units share beyond the behaviour, at 100 Hz: a slow and a fast latent, Ornstein-Uhlenbeck processes of variance 1, and for
/// place
/// cells the theta rhythm.
/// </summary>
internal sealed class SharedGain
{
    public const double SlowTauSeconds = 20;
    public const double FastTauSeconds = 0.3;

    // The rat's theta wanders around this frequency, Hz.
    private const double ThetaHz = 8;
    private const double ThetaSpreadHz = 0.5;

    public SharedGain(int steps, bool theta, PortableRandom random)
    {
        Slow = Latent(steps, SlowTauSeconds, random);
        Fast = Latent(steps, FastTauSeconds, random);
        if (!theta) return;
        (ThetaCos, ThetaSin) = (new double[steps], new double[steps]);
        var wander = Latent(steps, 1, random);
        var phase = 0.0;
        for (var step = 0; step < steps; step++)
        {
            phase += 2 * Math.PI * (ThetaHz + ThetaSpreadHz * wander[step]) * BehaviourTrace.StepSeconds;
            if (phase > 2 * Math.PI) phase -= 2 * Math.PI;
            (ThetaCos[step], ThetaSin[step]) = (PortableMath.Cos(phase), PortableMath.Sin(phase));
        }
    }

    public double[] Slow { get; }

    public double[] Fast { get; }

    /// <summary>Cosine of theta's phase; null where the kind has no theta.</summary>
    public double[]? ThetaCos { get; }

    public double[]? ThetaSin { get; }

    /// <summary>An Ornstein-Uhlenbeck process of variance 1, started in its steady state.</summary>
    public static double[] Latent(int steps, double tauSeconds, PortableRandom random)
    {
        var decay = PortableMath.Exp(-BehaviourTrace.StepSeconds / tauSeconds);
        var kick = Math.Sqrt(1 - decay * decay);
        var values = new double[steps];
        var value = random.Normal();
        for (var step = 0; step < steps; step++)
        {
            values[step] = value;
            value = decay * value + kick * random.Normal();
        }

        return values;
    }
}
