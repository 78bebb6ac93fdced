using Realtime.Engine.Numerics;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Simulation;

/// <summary>
/// Simulates a session: behaviour, tuned and untuned units, and spikes at 30 kHz resolution (docs/simulator.md). Equal options give equal
/// sessions on every platform, bit for bit: random numbers and functions are written out in IEEE 754 additions, multiplications, divisions
/// and square roots alone, which every platform rounds alike.
/// </summary>
public static class SessionSimulator
{
    public const int SampleRateHz = 30_000;

    private const int SamplesPerMs = SampleRateHz / 1000;
    private const int SamplesPerStep = SampleRateHz / BehaviourTrace.RateHz;

    // Each part draws from a sequence of its own; units take theirs from the last one on.
    private const ulong BehaviourPurpose = 1;
    private const ulong GainPurpose = 2;
    private const ulong PlanPurpose = 3;
    private const ulong FirstUnitPurpose = 1000;

    /// <summary>Simulates; any thread, units in parallel.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static SimulatedSession Simulate(SimulationOptions options)
    {
        options.Validate();
        var steps = (int)Math.Round(options.Minutes * 60 * BehaviourTrace.RateHz);
        var behaviour = SimulateBehaviour(options.Kind, steps, new PortableRandom(options.Seed, BehaviourPurpose));
        var shared = new SharedGain(steps, options.Kind == SimulationKind.Place, new PortableRandom(options.Seed, GainPurpose));
        var kinds = UnitPlan.Draw(options, new PortableRandom(options.Seed, PlanPurpose));
        var factory = new UnitFactory(options, behaviour, shared, SamplesPerMs);
        var units = new (SimulatedUnit Truth, long[] Samples)[options.Units];
        Parallel.For(0, options.Units, row =>
        {
            if (kinds[row].Kind != SimulatedUnitKind.Duplicate) units[row] = factory.Make(row, kinds[row].Kind, Sequence(options, row));
        });
        // Duplicates need their originals, which are never duplicates themselves.
        for (var row = 0; row < options.Units; row++)
        {
            var (kind, original) = kinds[row];
            if (kind == SimulatedUnitKind.Duplicate) units[row] = factory.Copy(row, units[original], Sequence(options, row));
        }

        var session = Assemble(options, behaviour, units.Select(unit => unit.Samples).ToArray());
        return new SimulatedSession(session, options, units.Select(unit => unit.Truth).ToArray());
    }

    private static PortableRandom Sequence(SimulationOptions options, int row) => new(options.Seed, FirstUnitPurpose + (ulong)row);

    private static BehaviourTrace SimulateBehaviour(SimulationKind kind, int steps, PortableRandom random) => kind switch
    {
        SimulationKind.HeadDirection => HeadDirectionBehaviour.Simulate(steps, random),
        SimulationKind.Reach => ReachBehaviour.Simulate(steps, random),
        SimulationKind.Visual => VisualBehaviour.Simulate(steps, random),
        _ => PlaceBehaviour.Simulate(steps, random),
    };

    private static Session Assemble(SimulationOptions options, BehaviourTrace behaviour, long[][] trains)
    {
        var (samples, units) = Merge(trains);
        var duration = behaviour.Steps * BehaviourTrace.StepSeconds;
        // Whole behaviour rows, so that no split cuts one.
        var validFrom = Math.Floor(behaviour.Steps * 0.6) / BehaviourTrace.RateHz;
        var testFrom = Math.Floor(behaviour.Steps * 0.8) / BehaviourTrace.RateHz;
        return new Session
        {
            Name = $"simulated-{SimulationKindNames.Of(options.Kind)}-{options.Units}u-seed{options.Seed}",
            SampleRateHz = SampleRateHz,
            Units = UnitTable.Numbered(options.Units),
            SpikeSamples = samples,
            SpikeUnits = units,
            Behaviour = behaviour.Channels,
            BehaviourSamples = [.. Enumerable.Range(0, behaviour.Steps).Select(step => (long)step * SamplesPerStep + SamplesPerStep / 2)],
            BehaviourValues = behaviour.ToRows(),
            Frames = options.Kind == SimulationKind.Visual ? BarFrames.Of(behaviour.Hidden[VisualBehaviour.Bar]) : null,
            DurationSeconds = duration,
            Segments = [new TimeRange(0, duration)],
            Train = [new TimeRange(0, validFrom)],
            Valid = [new TimeRange(validFrom, testFrom)],
            Test = [new TimeRange(testFrom, duration)],
            Source = "simulated by RealtimeDecoder; no recording",
        };
    }

    /// <summary>All trains in one ascending order; equal samples by unit row.</summary>
    private static (long[] Samples, int[] Units) Merge(long[][] trains)
    {
        // 10,000 units fit 14 bits, and 600 minutes at 30 kHz fit 31.
        const int unitBits = 14;
        var keys = new long[trains.Sum(train => train.Length)];
        var at = 0;
        for (var row = 0; row < trains.Length; row++)
            foreach (var sample in trains[row]) keys[at++] = sample << unitBits | (long)row;
        Array.Sort(keys);
        return (Array.ConvertAll(keys, key => key >> unitBits), Array.ConvertAll(keys, key => (int)(key & ((1 << unitBits) - 1))));
    }
}
