namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>Times between attempts to connect: doubling from the least to the most, each shortened at random by up to a half.</summary>
internal sealed class ReconnectBackoff(int minMs, int maxMs, Random random)
{
    private readonly int _minMs = minMs;
    private int _nextMs = minMs;

    /// <summary>How long to wait before the next attempt, ms.</summary>
    public int Next()
    {
        var wait = _nextMs;
        _nextMs = (int)Math.Min(maxMs, _nextMs * 2L);

        // The jitter keeps several programs that lost the same peer from knocking in step.
        return Math.Max(1, wait - random.Next(wait / 2 + 1));
    }

    /// <summary>A handshake succeeded: the next loss starts from the least again.</summary>
    public void Reset() => _nextMs = _minMs;
}
