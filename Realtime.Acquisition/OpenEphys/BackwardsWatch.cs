namespace Realtime.Acquisition.OpenEphys;

/// <summary>Notices a restart by sample numbers alone, for sources whose running number does not show it (none sent, or a reconnection to
/// a longer run).</summary>
public sealed class BackwardsWatch
{
    /// <summary>One or two odd headers are a fault in a message; this many in a row are another run.</summary>
    public const int HeadersInARow = 3;

    /// <summary>Blocks overlap in no plugin, and a second is beyond any reordering.</summary>
    public const double BackwardsSeconds = 1.0;

    // Used until a header has told the rate.
    private const double UsualRateHz = 30000;

    private bool _any;
    private long _end;
    private int _backwards;

    /// <summary>Takes one data header of the stream; true when the stream has restarted (and the watch begins anew with this
    /// header).</summary>
    public bool Next(long firstSample, int samples, double rateHz)
    {
        var end = firstSample + samples;
        var limit = (long)(BackwardsSeconds * (rateHz > 0 ? Math.Min(rateHz, 1e9) : UsualRateHz));
        if (_any && end <= _end - limit)
        {
            if (++_backwards < HeadersInARow) return false;
            Reset();
            _any = true;
            _end = end;
            return true;
        }

        _backwards = 0;
        _end = _any ? Math.Max(_end, end) : end;
        _any = true;
        return false;
    }

    public void Reset()
    {
        _any = false;
        _backwards = 0;
    }
}
