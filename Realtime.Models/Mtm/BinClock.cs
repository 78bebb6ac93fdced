namespace Realtime.Models.Mtm;

/// <summary>
/// Which position of its stretch a bin has. A stretch begins with the first bin that begins at or after the trial's event, so that no spike
/// from before the event is in it. One thread at a time.
/// </summary>
/// <param name="binNs">Length of a bin.</param>
/// <param name="bins">Positions of a stretch; 0 where it does not end.</param>
/// <param name="beginsAlone">Whether a stretch begins without an event, when there is none or the last one has ended.</param>
internal sealed class BinClock(long binNs, int bins, bool beginsAlone)
{
    // More than any stretch or context holds.
    private const int MostSkipped = 1 << 24;

    private long? _event;
    private long? _begin;
    private long _last;

    /// <summary>An event that begins a stretch; of several before the next bin the last counts.</summary>
    public void Begin(long eventNs) => _event = eventNs;

    public void Forget() => (_event, _begin) = (null, null);

    /// <summary>Whether a bin of a stretch has come, and its last position has not.</summary>
    public bool IsRunning => _begin is not null && (bins == 0 || _last < bins - 1);

    /// <summary>Places a bin.</summary>
    /// <param name="startNs">The bin's start; starts ascend.</param>
    /// <param name="begins">Whether it is the first of its stretch that comes.</param>
    /// <param name="skipped">Bins of the stretch missing before it.</param>
    /// <returns>False where no stretch is running, or this bin has come before.</returns>
    public bool Place(long startNs, out bool begins, out int skipped)
    {
        begins = false;
        skipped = 0;
        if (_event is { } at && startNs >= at)
        {
            (_begin, _event, begins) = (at, null, true);
        }
        else if (beginsAlone && (_begin is not { } begin || Position(startNs, begin) < 0 || (bins > 0 && Position(startNs, begin) >= bins)))
        {
            (_begin, begins) = (startNs, true);
        }

        if (_begin is not { } from) return false;
        if (begins) _last = -1;
        var position = Position(startNs, from);
        if (position <= _last || (bins > 0 && position >= bins)) return false;
        skipped = (int)Int128.Min(position - _last - 1, MostSkipped);
        _last = (long)position;
        return true;
    }

    // In 128 bits, since times may be anything.
    private Int128 Position(long startNs, long beginNs) => startNs < beginNs ? -1 : ((Int128)startNs - beginNs) / binNs;
}
