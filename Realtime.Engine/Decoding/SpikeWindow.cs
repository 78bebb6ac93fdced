namespace Realtime.Engine.Decoding;

/// <summary>The spikes of one window, as a decoder sees them. The spans are valid during the call only.</summary>
public readonly ref struct SpikeWindow(long startNs, long endNs, ReadOnlySpan<long> timesNs, ReadOnlySpan<int> units, bool hasLoss = false)
{
    /// <summary>Data time of the window's start, ns, inclusive.</summary>
    public readonly long StartNs = startNs;

    /// <summary>Data time of the window's end, ns, exclusive: the moment the answer is about.</summary>
    public readonly long EndNs = endNs;

    /// <summary>Data times of the spikes, ns, ascending, all in [StartNs, EndNs).</summary>
    public readonly ReadOnlySpan<long> TimesNs = timesNs;

    /// <summary>Unit row of each spike in the decoder's unit table; same length as <see cref="TimesNs"/>.</summary>
    public readonly ReadOnlySpan<int> Units = units;

    /// <summary>Whether spikes of the window may be missing: its silence is then no silence.</summary>
    public readonly bool HasLoss = hasLoss;
}
