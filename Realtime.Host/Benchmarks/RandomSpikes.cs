using Realtime.Engine.Decoding;
using Realtime.Engine.Ledger;
using Realtime.Engine.Numerics;
using Realtime.Engine.Windows;

namespace Realtime.Host.Benchmarks;

/// <summary>A stream of random spikes, Poisson in time and even over the units, in the window that the decode loop would keep. One thread.</summary>
public sealed class RandomSpikes
{
    private readonly PortableRandom _random;
    private readonly SlidingWindow _window;
    private readonly double _perNs;
    private readonly int _units;
    private readonly long _windowNs;
    private readonly long _hopNs;
    private double _nextNs;
    private long _endNs;

    public RandomSpikes(double perSecond, int units, long windowNs, long hopNs, int maxWindowSpikes, ulong seed)
    {
        _random = new PortableRandom(seed, 1);
        _window = new SlidingWindow(maxWindowSpikes, [new StreamLedger("random")]);
        (_perNs, _units, _windowNs, _hopNs) = (perSecond * 1e-9, units, windowNs, hopNs);
        _nextNs = perSecond > 0 ? _random.Exponential() / _perNs : double.PositiveInfinity;
    }

    /// <summary>End of the window before the last one.</summary>
    public long LastEndNs => _endNs - _hopNs;

    /// <summary>Goes on by one hop, with fresh spikes, and gives the window that ends there. Allocates nothing.</summary>
    public SpikeWindow Advance()
    {
        _endNs += _hopNs;
        _window.TrimBefore(_endNs - _windowNs, DropReason.TickHeld);
        for (; _nextNs < _endNs; _nextNs += _random.Exponential() / _perNs) _window.Insert((long)_nextNs, _random.Below(_units), 0);
        return _window.View(_endNs - _windowNs, _endNs);
    }
}
