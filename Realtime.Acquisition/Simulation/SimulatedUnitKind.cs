namespace Realtime.Acquisition.Simulation;

/// <summary>What a simulated unit is.</summary>
public enum SimulatedUnitKind
{
    /// <summary>One tuned neuron.</summary>
    Tuned,

    /// <summary>A unit that hardly ever fires, and not for any behaviour.</summary>
    Silent,

    /// <summary>A copy of another unit's spikes, jittered and with some missing, as an over-split cluster gives.</summary>
    Duplicate,

    /// <summary>Several tuned neurons in one cluster.</summary>
    Multi,
}
