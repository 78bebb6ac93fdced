using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>
/// One line for each thing that goes wrong with a peer, and no flood: the same text at most every 30 s, and at most a burst of different
/// texts followed by one a second. What was held back is counted in the next line. Any thread.
/// </summary>
internal sealed class PeerLog(ILogger? log)
{
    // A port scan gives one line for each of these, then one a second: enough to see what happens, too little to fill a disk.
    private const int Burst = 10;
    private const long RefillNs = 1_000_000_000;
    private const long RepeatNs = 30_000_000_000;

    private readonly ILogger _log = log ?? NullLogger.Instance;
    private readonly Lock _lock = new();
    private string? _last;
    private long _lastNs;
    private long _refilledNs;
    private int _tokens = Burst;
    private long _heldBack;

    /// <summary>The latest reason, logged or held back.</summary>
    public string? LastError { get; private set; }

    public void Warn(string reason, long nowNs)
    {
        long heldBack;
        lock (_lock)
        {
            LastError = reason;
            if (!MayLog(reason, nowNs))
            {
                _heldBack++;
                return;
            }

            heldBack = _heldBack;
            _heldBack = 0;
        }

        if (heldBack == 0) _log.LogWarning("{Reason}", reason);
        else _log.LogWarning("{Reason} ({HeldBack} similar lines were held back)", reason, heldBack);
    }

    public void Info(string text) => _log.LogInformation("{Text}", text);

    private bool MayLog(string reason, long nowNs)
    {
        if (reason == _last && nowNs - _lastNs < RepeatNs) return false;
        var refill = (nowNs - _refilledNs) / RefillNs;
        if (refill > 0)
        {
            _tokens = (int)Math.Min(Burst, _tokens + refill);
            _refilledNs = nowNs;
        }

        if (_tokens == 0) return false;
        _tokens--;
        _last = reason;
        _lastNs = nowNs;
        return true;
    }
}
