using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>One simulated neuron; its tuning is null where it follows no behaviour.</summary>
internal sealed record Neuron(ITuning? Tuning, FiringProfile Firing, double UntunedHz = 0)
{
    /// <summary>Rate at each behaviour row, Hz, with gains and drift, before refractoriness and bursts.</summary>
    public double[] Rates(SharedGain shared, PortableRandom random)
    {
        var steps = shared.Slow.Length;
        var excitability = SharedGain.Latent(steps, FiringProfile.PrivateTauSeconds, random);
        // Half the variance is taken off, so that the gain's mean stays 1.
        var offset = (Firing.SlowLoading * Firing.SlowLoading + Firing.FastLoading * Firing.FastLoading
            + Firing.PrivateSigma * Firing.PrivateSigma) / 2;
        var (phaseCos, phaseSin) = (PortableMath.Cos(Firing.ThetaPhase), PortableMath.Sin(Firing.ThetaPhase));
        var rates = new double[steps];
        for (var step = 0; step < steps; step++)
        {
            var progress = (double)step / steps;
            var log = Firing.SlowLoading * shared.Slow[step] + Firing.FastLoading * shared.Fast[step]
                + Firing.PrivateSigma * excitability[step] + Firing.RateDrift * (progress - 0.5) - offset;
            var rate = (Tuning?.RateAt(step, progress) ?? UntunedHz) * PortableMath.Exp(log);
            if (shared.ThetaCos is { } cos)
                rate *= 1 + Firing.ThetaDepth * (cos[step] * phaseCos + shared.ThetaSin![step] * phaseSin);
            rates[step] = rate;
        }

        return rates;
    }
}
