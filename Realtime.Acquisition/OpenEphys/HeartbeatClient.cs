using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Acquisition.ZeroMq;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>
/// Shows this program in the ZMQ Interface plugin's list of clients: sends a heartbeat every two seconds, on a thread of its own, and
/// never stops for a missing answer. The stream does not depend on it. <see cref="Dispose"/>: one thread; the properties: any.
/// </summary>
public sealed class HeartbeatClient : IDisposable
{
    /// <summary>The plugin shows a client as dead after 5 s; its own reference client sends every 2 s.</summary>
    public const int IntervalMs = 2000;

    /// <summary>As the reference client does.</summary>
    public const int RebuildAfterMs = 10_000;

    // The plugin answers within milliseconds; a shorter wait also lets the client be closed sooner.
    private const int ReplyTimeoutMs = 1000;

    private readonly ZmtpEndpoint _peer;
    private readonly byte[] _request;
    private readonly int _intervalMs;
    private readonly int _rebuildAfterMs;
    private readonly ILogger _logger;
    private readonly ZmtpMessage _message = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private volatile string _lastProblem = "";
    private volatile int _lastReply;
    private long _sent;
    private long _received;
    private long _rebuilds;

    /// <summary>Begins at once.</summary>
    /// <param name="peer">The plugin's data port + 1.</param>
    /// <param name="application">Name to be shown.</param>
    /// <param name="logger">For troubles; a change of state is logged once.</param>
    /// <param name="intervalMs">Time between heartbeats; shorter only in tests.</param>
    /// <param name="rebuildAfterMs">Silence after which the socket is made anew; shorter only in tests.</param>
    public HeartbeatClient(
        ZmtpEndpoint peer, string application = "RealtimeDecoder", ILogger? logger = null,
        int intervalMs = IntervalMs, int rebuildAfterMs = RebuildAfterMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(intervalMs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rebuildAfterMs, 1);
        _rebuildAfterMs = rebuildAfterMs;
        _peer = peer;
        _request = HeartbeatText.Request(application, Guid.NewGuid());
        _intervalMs = intervalMs;
        _logger = logger ?? NullLogger.Instance;
        _thread = new Thread(Run) { IsBackground = true, Name = $"Open Ephys heartbeat {peer}" };
        _thread.Start();
    }

    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Answers of the right kind.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Times that the socket was made anew after 10 s without an answer.</summary>
    public long Rebuilds => Volatile.Read(ref _rebuilds);

    /// <summary>Who answered the latest heartbeat.</summary>
    public HeartbeatReply LastReply => (HeartbeatReply)_lastReply;

    /// <summary>What the latest answer, or its absence, means; empty when all is well.</summary>
    public string LastProblem => _lastProblem;

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsSet)
        {
            try
            {
                using var socket = new ReqSocket(_peer, ZmtpOptions.Default, _logger);
                BeatUntilSilent(socket);
            }
            catch (Exception fault)
            {
                // A heartbeat is no reason to end a run.
                _lastProblem = $"fault in the heartbeat: {fault.Message}";
                _logger.LogError(fault, "Open Ephys heartbeat at {Peer}: fault; going on", _peer);
                _stop.Wait(_rebuildAfterMs);
            }
        }
    }

    /// <summary>Returns when there has been no answer for ten seconds, or the client is to stop.</summary>
    private void BeatUntilSilent(ReqSocket socket)
    {
        var lastAnswer = Environment.TickCount64;
        var next = Environment.TickCount64;
        while (!_stop.IsSet)
        {
            Interlocked.Increment(ref _sent);
            var answered = socket.TryRequest(_request, _message, ReplyTimeoutMs, out _);
            Note(answered && _message.FrameCount > 0 ? HeartbeatText.Recognise(_message[0]) : HeartbeatReply.None);
            if (answered) lastAnswer = Environment.TickCount64;
            if (Environment.TickCount64 - lastAnswer >= _rebuildAfterMs)
            {
                Interlocked.Increment(ref _rebuilds);
                return;
            }

            next = Math.Max(next + _intervalMs, Environment.TickCount64);
            _stop.Wait((int)(next - Environment.TickCount64));
        }
    }

    private void Note(HeartbeatReply reply)
    {
        if (reply == HeartbeatReply.Received) Interlocked.Increment(ref _received);
        var changed = (int)reply != Interlocked.Exchange(ref _lastReply, (int)reply) || Sent == 1;
        if (!changed) return;
        _lastProblem = HeartbeatText.Describe(reply, _peer.ToString());
        if (reply == HeartbeatReply.Received) _logger.LogInformation("Open Ephys heartbeat at {Peer}: answered", _peer);
        else _logger.LogWarning("Open Ephys heartbeat: {Problem}", _lastProblem);
    }
}
