namespace Realtime.Models.Neuroformer;

/// <summary>What generation takes for the past of a window.</summary>
public enum NeuroformerPastMode
{
    /// <summary>
    /// Upstream's default: its code means to feed predictions back, but reads the true spikes, and sorts them by dt, the last first (PAD, EOS, late
    /// to early), from the first window on whose past its predictions would cover. As positions are embedded, the order matters.
    /// </summary>
    Default,

    /// <summary>The true spikes in their order; upstream's true_past.</summary>
    TruePast,

    /// <summary>Not upstream's: predictions are fed back, in ascending order, for all of the past that earlier windows have generated; true spikes before that.</summary>
    Feedback,
}
