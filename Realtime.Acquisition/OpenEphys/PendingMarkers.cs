using Realtime.Engine.Events;
using Realtime.Engine.Rings;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>
/// Keeps Loss and Restart markers that a full ring cannot take, in order, until it can. Losses in a row become one marker with their sum.
/// Restarts with
/// nothing between them become one as well: no event of the epochs between them has reached the ring, so a reader could not tell them
/// apart. Receiving thread only.
/// </summary>
public sealed class PendingMarkers
{
    private long _lossBefore;
    private bool _restart;
    private long _lossAfter;
    private long _lossArrivalNs;
    private long _restartArrivalNs;

    public bool Any => _restart || _lossBefore > 0 || _lossAfter > 0;

    public void AddLoss(long messages, long arrivalNs)
    {
        if (_restart) _lossAfter += messages;
        else _lossBefore += messages;
        _lossArrivalNs = arrivalNs;
    }

    public void AddRestart(long arrivalNs)
    {
        _lossBefore += _lossAfter;
        _lossAfter = 0;
        _restart = true;
        _restartArrivalNs = arrivalNs;
    }

    /// <summary>Writes what is kept. False when the ring is full before all of it is written.</summary>
    public bool TryFlush(SpscRing<SpikeEvent> ring)
    {
        if (_lossBefore > 0)
        {
            if (!ring.TryWrite(SpikeEvent.Loss(_lossBefore, _lossArrivalNs))) return false;
            _lossBefore = 0;
        }

        if (_restart)
        {
            if (!ring.TryWrite(SpikeEvent.Restart(_restartArrivalNs))) return false;
            _restart = false;
        }

        if (_lossAfter > 0)
        {
            if (!ring.TryWrite(SpikeEvent.Loss(_lossAfter, _lossArrivalNs))) return false;
            _lossAfter = 0;
        }

        return true;
    }
}
