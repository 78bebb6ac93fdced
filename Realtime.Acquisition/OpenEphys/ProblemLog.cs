using Microsoft.Extensions.Logging;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>
/// Logs troubles of a stream at a bounded rate: each kind at most once in <see cref="QuietNs"/>, and those that make every message fail
/// alike once. Receiving thread only, but for <see cref="Last"/>.
/// </summary>
internal sealed class ProblemLog(ILogger logger, string peer)
{
    /// <summary>Rare enough that a peer sending nothing but garbage cannot fill a disk.</summary>
    public const long QuietNs = 10_000_000_000;

    private readonly long[] _nextNs = new long[Enum.GetValues<ParseProblem>().Length];
    private volatile string _last = "";

    /// <summary>The latest trouble; any thread.</summary>
    public string Last => _last;

    /// <summary>Reports a message that could not be used; <paramref name="count"/> is how many there have been of this kind.</summary>
    public void Report(ParseProblem problem, long count, long nowNs)
    {
        _last = ParseProblemText.Of(problem);
        ref var next = ref _nextNs[(int)problem];
        if (nowNs < next) return;
        next = ParseProblemText.IsWrongPeer(problem) ? long.MaxValue : nowNs + QuietNs;
        logger.LogWarning("Open Ephys at {Peer}: {Problem} ({Count} so far)", peer, _last, count);
    }

    /// <summary>Reports something that happens seldom.</summary>
    public void Report(string trouble)
    {
        _last = trouble;
        logger.LogWarning("Open Ephys at {Peer}: {Problem}", peer, trouble);
    }

    /// <summary>Lets troubles that are logged once be logged again: another peer may answer now.</summary>
    public void NewPeer() => Array.Clear(_nextNs);
}
