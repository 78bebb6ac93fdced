namespace Realtime.Models.Mtm;

/// <summary>What the network is asked to do; the values are the rows of upstream's prompt table.</summary>
public enum MtmPrompt
{
    /// <summary>Co-smoothing: some neurons are zeroed.</summary>
    Neuron = 0,

    /// <summary>Some bins are zeroed and bins see earlier bins only.</summary>
    Causal = 1,

    /// <summary>A region's neurons are zeroed.</summary>
    InterRegion = 2,

    /// <summary>All neurons outside a region are zeroed, and some inside.</summary>
    IntraRegion = 3,
}
