using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>
/// Draws spikes from a conditional intensity in steps of 1 ms: rate(t) x recovery(since the last spike) + burst(since the last spike). The
/// integrated intensity is run up to exponential thresholds (time rescaling), so that the draw is exact for the stepwise intensity.
/// </summary>
internal static class SpikeGenerator
{
    private const int StepMs = 1000 / BehaviourTrace.RateHz;

    // After this many ms recovery is full and the burst kernel is spent, to within 1e-5.
    private const int MemoryMs = 64;

    /// <summary>Sample numbers, ascending, each after the first sample and before the last.</summary>
    public static long[] Draw(double[] ratesHz, FiringProfile firing, int samplesPerMs, PortableRandom random)
    {
        var (recovery, burst) = Kernels(firing);
        var samples = new List<long>();
        var end = (long)ratesHz.Length * StepMs * samplesPerMs;
        var (area, threshold, since) = (0.0, random.Exponential(), MemoryMs);
        for (var step = 0; step < ratesHz.Length; step++)
        {
            var perMs = ratesHz[step] / 1000;
            if (since >= MemoryMs && area + StepMs * perMs < threshold)
            {
                area += StepMs * perMs;
                continue;
            }

            for (var ms = 0; ms < StepMs; ms++)
            {
                var intensity = since < MemoryMs ? perMs * recovery[since] + burst[since] : perMs;
                since++;
                area += intensity;
                if (area < threshold) continue;
                var within = Math.Min(1 - (area - threshold) / intensity, 0.999999);
                var sample = (long)(((long)step * StepMs + ms + within) * samplesPerMs);
                if (sample > 0 && sample < end) samples.Add(sample);
                (area, threshold, since) = (0, random.Exponential(), 0);
            }
        }

        return [.. samples];
    }

    private static (double[] Recovery, double[] Burst) Kernels(FiringProfile firing)
    {
        var (recovery, burst, sum) = (new double[MemoryMs], new double[MemoryMs], 0.0);
        for (var ms = 0; ms < MemoryMs; ms++)
        {
            // Index ms is the (ms + 1)th ms after the spike's own; it starts at least this long after the spike.
            if (ms < firing.AbsoluteRefractoryMs) continue;
            var free = ms + 0.5 - firing.AbsoluteRefractoryMs;
            recovery[ms] = 1 - PortableMath.Exp(-free / firing.RecoveryMs);
            burst[ms] = free * PortableMath.Exp(-2 * free / firing.BurstMs);
            sum += burst[ms];
        }

        // The kernel's integral is the hazard of a burst spike: 1 - exp(-hazard) is its probability.
        var hazard = -PortableMath.Log(1 - firing.BurstProbability);
        for (var ms = 0; ms < MemoryMs; ms++) burst[ms] *= hazard / sum;
        return (recovery, burst);
    }
}
