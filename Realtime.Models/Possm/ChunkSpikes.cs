using Realtime.Engine.Decoding;

namespace Realtime.Models.Possm;

/// <summary>The spikes of the newest chunk, picked out of a window that may hold anything. One thread at a time; allocates nothing per call.</summary>
internal sealed class ChunkSpikes
{
    private const double SecondsPerNs = 1e9;

    private readonly long _chunkNs;
    private readonly int _units;
    private readonly int _limit;
    private readonly int[] _rows;
    private readonly double[] _seconds;

    /// <param name="chunkNs">Length of a chunk.</param>
    /// <param name="units">Units known; rows from here on are passed over.</param>
    /// <param name="limit">Most spikes that are kept; there is room for one token more.</param>
    public ChunkSpikes(long chunkNs, int units, int limit)
    {
        _chunkNs = chunkNs;
        _units = units;
        _limit = limit;
        _rows = new int[limit + 1];
        _seconds = new double[limit + 1];
    }

    /// <summary>Tokens in use.</summary>
    public int Count { get; private set; }

    /// <summary>Row of the unit of each token.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    /// <summary>Seconds from the chunk's start, rounded to float32 as the model has learnt them.</summary>
    public ReadOnlySpan<double> Seconds => _seconds.AsSpan(0, Count);

    /// <summary>Spikes passed over because their chunk was full.</summary>
    public long Overflow { get; private set; }

    /// <summary>Spikes passed over because their unit is not one of the model's.</summary>
    public long UnknownUnit { get; private set; }

    /// <summary>Takes the spikes of the last chunk of a window; of too many the newest, as the window orders them.</summary>
    public void Take(in SpikeWindow window)
    {
        var start = unchecked(window.EndNs - _chunkNs);
        var spikes = Math.Min(window.TimesNs.Length, window.Units.Length);
        var valid = 0;
        for (var i = 0; i < spikes; i++)
        {
            if (!IsInside(window.TimesNs[i], start)) continue;
            if ((uint)window.Units[i] < (uint)_units) valid++;
            else UnknownUnit++;
        }

        var skip = Math.Max(0, valid - _limit);
        Overflow += skip;
        Count = 0;
        for (var i = 0; i < spikes && Count < _limit; i++)
        {
            var time = window.TimesNs[i];
            var unit = window.Units[i];
            if (!IsInside(time, start) || (uint)unit >= (uint)_units || skip-- > 0) continue;
            _rows[Count] = unit;
            _seconds[Count++] = (float)((time - start) / SecondsPerNs);
        }
    }

    /// <summary>Takes spikes whose times within the chunk are known.</summary>
    public void Take(ReadOnlySpan<int> units, ReadOnlySpan<float> seconds)
    {
        var valid = 0;
        foreach (var unit in units)
        {
            if ((uint)unit < (uint)_units) valid++;
            else UnknownUnit++;
        }

        var skip = Math.Max(0, valid - _limit);
        Overflow += skip;
        Count = 0;
        for (var i = 0; i < units.Length && Count < _limit; i++)
        {
            if ((uint)units[i] >= (uint)_units || skip-- > 0) continue;
            _rows[Count] = units[i];
            _seconds[Count++] = seconds[i];
        }
    }

    /// <summary>Adds one token at time 0 behind the spikes.</summary>
    public void AddBlank(int row)
    {
        _rows[Count] = row;
        _seconds[Count++] = 0;
    }

    // One comparison for both ends; differences that wrap around are far outside.
    private bool IsInside(long timeNs, long startNs) => unchecked((ulong)(timeNs - startNs)) < (ulong)_chunkNs;
}
