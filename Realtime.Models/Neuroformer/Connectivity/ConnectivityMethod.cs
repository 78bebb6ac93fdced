namespace Realtime.Models.Neuroformer.Connectivity;

/// <summary>How attention to past spikes becomes a number for each pair of neurons.</summary>
public enum ConnectivityMethod
{
    /// <summary>
    /// Attention given, where the target is next, to the source's past spikes, mean over layers and heads, over what the totals of target and source make
    /// expect; the natural log. Above 0: the target follows spikes that the network looks at; below 0: it stays away after them.
    /// </summary>
    Lift,

    /// <summary>
    /// Mean attention of layers and heads to one past spike of the source, where the target is next, over that of equal attention to all past spikes of the window.
    /// </summary>
    Mean,

    /// <summary>Upstream's: the first layer dropped, largest head, mixed with the identity, rows normalised, layers multiplied; summed over steps.</summary>
    Upstream,

    /// <summary>As <see cref="Lift"/> with equal attention to all past spikes of the window: what the spikes say without the network.</summary>
    Counts,
}
