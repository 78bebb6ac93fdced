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

    /// <summary>
    /// One past spike of each window taken out: how much that lowers the target's logit, mean over the window's steps, less the mean over targets and over sources.
    /// Above 0: the source makes the target likelier. No attention is read; it is what the whole network makes of the spike.
    /// </summary>
    Removal,

    /// <summary>As <see cref="Lift"/> with equal attention to all past spikes of the window: what the spikes say without the network.</summary>
    Counts,
}
