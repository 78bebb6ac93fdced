using Realtime.Engine.Decoding;

namespace Realtime.Models.Poyo;

/// <summary>Cuts a window down to what a model reads, into memory of its own: its length, its units, its most spikes, in order.</summary>
internal sealed class WindowEdges(long windowNs, int units, int maxSpikes)
{
    private readonly long[] _times = new long[maxSpikes];
    private readonly int[] _units = new int[maxSpikes];
    private int _count;

    /// <summary>Spikes that were left out because the window held more than the most; the newest are kept.</summary>
    public long Overflow { get; private set; }

    /// <summary>Spikes of units that the model does not have.</summary>
    public long Unknown { get; private set; }

    public ReadOnlySpan<long> TimesNs => _times.AsSpan(0, _count);

    public ReadOnlySpan<int> Units => _units.AsSpan(0, _count);

    public void Cut(in SpikeWindow window)
    {
        var startNs = window.EndNs - windowNs;
        var ordered = true;
        _count = 0;

        // From the newest back, so that the newest are kept.
        var at = maxSpikes;
        for (var i = window.TimesNs.Length - 1; i >= 0; i--)
        {
            var timeNs = window.TimesNs[i];
            if (timeNs < startNs || timeNs >= window.EndNs) continue;
            if ((uint)window.Units[i] >= (uint)units)
            {
                Unknown++;
                continue;
            }

            if (at == 0)
            {
                Overflow++;
                continue;
            }

            at--;
            (_times[at], _units[at]) = (timeNs, window.Units[i]);
            ordered &= at + 1 == maxSpikes || timeNs <= _times[at + 1];
        }

        _count = maxSpikes - at;
        _times.AsSpan(at).CopyTo(_times);
        _units.AsSpan(at).CopyTo(_units);
        if (!ordered) _times.AsSpan(0, _count).Sort(_units.AsSpan(0, _count));
    }
}
