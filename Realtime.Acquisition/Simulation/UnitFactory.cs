using System.Text.Json.Nodes;
using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>Makes the units of one session: their neurons, and the spikes a sorter would report. Holds no state of its own; any
/// thread.</summary>
internal sealed class UnitFactory(SimulationOptions options, BehaviourTrace behaviour, SharedGain shared, int samplesPerMs)
{
    // A sorter's false splits: jitter of the aligned peak, and the share that the other cluster took or the detector missed.
    private const double JitterSamples = 3;
    private const double MissingShare = 0.15;

    // Spikes of two neurons within this time are one event to a detector.
    private const double DetectorDeadMs = 0.5;

    private const double SilentHz = 0.004;

    /// <summary>A unit that copies no other.</summary>
    public (SimulatedUnit Truth, long[] Samples) Make(int row, SimulatedUnitKind kind, PortableRandom random)
    {
        var count = kind == SimulatedUnitKind.Multi ? 2 + random.Below(3) : 1;
        var neurons = new Neuron[count];
        var trains = new long[count][];
        for (var i = 0; i < count; i++)
        {
            var tuning = kind == SimulatedUnitKind.Silent ? null : Tune(random);
            var firing = FiringProfile.Draw(options, random);
            if (kind == SimulatedUnitKind.Silent) firing = firing with { BurstProbability = 0 };
            neurons[i] = new Neuron(tuning, firing, SilentHz);
            trains[i] = SpikeGenerator.Draw(neurons[i].Rates(shared, random), firing, samplesPerMs, random);
        }

        var samples = count == 1 ? trains[0] : Pool(trains);
        var truth = new SimulatedUnit(row, kind, -1, neurons.Sum(neuron => neuron.Tuning?.BaseHz ?? SilentHz),
            neurons.Sum(neuron => neuron.Tuning?.PeakHz ?? SilentHz), samples.Length, neurons.Select(Describe).ToArray());
        return (truth, samples);
    }

    /// <summary>A duplicate of another unit.</summary>
    public (SimulatedUnit Truth, long[] Samples) Copy(int row, (SimulatedUnit Truth, long[] Samples) original, PortableRandom random)
    {
        var end = (long)behaviour.Steps * (1000 / BehaviourTrace.RateHz) * samplesPerMs;
        var copy = new List<long>(original.Samples.Length);
        foreach (var sample in original.Samples)
        {
            var moved = sample + (long)Math.Round(JitterSamples * random.Normal());
            if (random.Uniform() >= MissingShare && moved > 0 && moved < end) copy.Add(moved);
        }

        copy.Sort();
        long[] samples = [.. copy.Distinct()];
        var truth = original.Truth with
        {
            Row = row,
            Kind = SimulatedUnitKind.Duplicate,
            DuplicateOf = original.Truth.Row,
            Spikes = samples.Length,
        };
        return (truth, samples);
    }

    private ITuning Tune(PortableRandom random) => options.Kind switch
    {
        SimulationKind.HeadDirection => new HeadDirectionTuning(behaviour, random, options.TuningDrift),
        SimulationKind.Reach => new ReachTuning(behaviour, random, options.TuningDrift),
        SimulationKind.Visual => new VisualTuning(behaviour, random, options.TuningDrift),
        _ => new PlaceTuning(behaviour, random, options.TuningDrift),
    };

    private long[] Pool(long[][] trains)
    {
        var all = trains.SelectMany(train => train).Order().ToArray();
        var kept = new List<long>(all.Length);
        foreach (var sample in all)
            if (kept.Count == 0 || sample - kept[^1] >= DetectorDeadMs * samplesPerMs) kept.Add(sample);
        return [.. kept];
    }

    private static JsonObject Describe(Neuron neuron)
    {
        var described = neuron.Firing.Describe();
        foreach (var (key, value) in neuron.Tuning?.Describe() ?? []) described[key] = value?.DeepClone();
        return described;
    }
}
