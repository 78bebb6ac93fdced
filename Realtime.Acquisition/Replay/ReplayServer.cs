using Microsoft.Extensions.Logging;
using Realtime.Acquisition.Frames;
using Realtime.Acquisition.ZeroMq;
using Realtime.Engine.Latency;
using Realtime.Engine.Sessions;
using Realtime.Engine.Time;

namespace Realtime.Acquisition.Replay;

/// <summary>
/// Serves a session as a live Open Ephys GUI with the ZMQ Interface plugin: data port and heartbeat port, the same messages byte for
/// byte, in real time; with frames, as the program that shows them too.
/// Pacing is open-loop: each block has its time of sending from the start on, a late block goes out at once, and lateness never adds up.
/// Ports are bound by the constructor; <see cref="Run"/> is called once. Sending allocates nothing, so that the server makes no pauses of
/// its own.
/// </summary>
public sealed class ReplayServer : IDisposable
{
    // A socket's queue is taken from memory at once for each subscriber; 64 MiB hold some 100 000 spikes.
    private const int PeerQueueBytes = 64 << 20;

    // How often a wait for subscribers looks whether it is to stop.
    private const int PollMs = 50;

    private const int PortAttempts = 20;

    private readonly ReplayOptions _options;
    private readonly ReplayScript _script;
    private readonly PubSocket _data;
    private readonly HeartbeatResponder _heartbeat;
    private readonly ReplayFrames? _frames;
    private readonly LatencyHistogram _lateness = new();
    private readonly IClock _clock = MonotonicClock.Instance;

    /// <exception cref="ArgumentException">An option is outside its range, or the session cannot be sent that way.</exception>
    /// <exception cref="EndpointException">A port cannot be bound.</exception>
    public ReplayServer(Session session, ReplayOptions options, ILogger? logger = null)
    {
        _options = options;
        _script = new ReplayScript(session, options);
        (_data, _heartbeat) = Bind(options, logger);
        if (options.FramesPort is not { } port) return;
        try
        {
            if (port == DataPort || port == HeartbeatPort)
                throw new ArgumentException($"Port {port} is to send both the video frames and {(port == DataPort ? "the data" : "the heartbeats, by default the data port + 1")}. Choose another for the frames.");
            _frames = new ReplayFrames(session, _script.FirstSample, _script.EndSample, _script.Shift, FrameSocket(session.Frames!, options, port, logger));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int DataPort => _data.Port;

    public int HeartbeatPort => _heartbeat.Port;

    /// <summary>Port of the video frames; null where none are sent.</summary>
    public int? FramesPort => _frames?.Socket.Port;

    /// <summary>Subscribers connected now. Any thread.</summary>
    public int Subscribers => _data.PeerCount;

    /// <summary>Spikes sent so far. Any thread.</summary>
    public long Spikes => _script.Spikes;

    /// <summary>Messages sent so far. Any thread.</summary>
    public long Messages => _script.Messages;

    /// <summary>Sends the session, and returns when it is sent and taken, or when stopped.</summary>
    public ReplaySummary Run(CancellationToken stop)
    {
        var ready = WaitForSubscribers(stop) && !stop.WaitHandle.WaitOne(_options.SettleMs);
        using var wait = new PreciseWait(_clock);
        var sink = new PubSink(_data);
        var startNs = _clock.NowNs;
        long rounds = 0, blocks = 0;
        while (ready && !stop.IsCancellationRequested)
        {
            if (rounds > 0)
            {
                _script.Restart();
                _frames?.Restart();
            }

            var roundNs = startNs + PlannedNs(_script.EndSeconds(_script.Blocks - 1) * rounds);
            rounds++;
            blocks += SendRound(sink, wait, roundNs, stop);
            if (!_options.Loop) break;
        }

        var endNs = _clock.NowNs;
        return new ReplaySummary
        {
            Messages = _script.Messages,
            Spikes = _script.Spikes,
            BehaviourSamples = _script.BehaviourSamples,
            Blocks = blocks,
            Rounds = rounds,
            Frames = _frames?.Sent ?? 0,
            Flushed = _data.Flush(_options.LingerMs) & (_frames?.Socket.Flush(_options.LingerMs) ?? true),
            Dropped = _data.Dropped + (_frames?.Socket.Dropped ?? 0),
            MaxLatenessMs = _lateness.MaxNs / 1e6,
            MedianLatenessMs = _lateness.PercentileNs(0.5) / 1e6,
            P99LatenessMs = _lateness.PercentileNs(0.99) / 1e6,
            WallSeconds = (endNs - startNs) / 1e9,
            Stopped = stop.IsCancellationRequested,
        };
    }

    public void Dispose()
    {
        _frames?.Dispose();
        _heartbeat.Dispose();
        _data.Dispose();
    }

    private static (PubSocket Data, HeartbeatResponder Heartbeat) Bind(ReplayOptions options, ILogger? logger)
    {
        var sockets = new ZmtpOptions
        {
            Overflow = options.Speed == 0 ? OverflowPolicy.Wait : OverflowPolicy.Drop,
            HighWaterMark = options.HighWaterMark,
            PeerQueueBytes = PeerQueueBytes,
        };
        for (var attempt = 1; ; attempt++)
        {
            var data = new PubSocket(new ZmtpEndpoint(options.BindAddress, options.DataPort), sockets, logger);
            try
            {
                var port = options.HeartbeatPort ?? data.Port + 1;
                return (data, new HeartbeatResponder(new ZmtpEndpoint(options.BindAddress, port), logger));
            }
            catch (EndpointException) when (options is { DataPort: 0, HeartbeatPort: null } && attempt < PortAttempts)
            {
                data.Dispose(); // the port above the free one is taken: take another pair
            }
            catch
            {
                data.Dispose();
                throw;
            }
        }
    }

    private bool WaitForSubscribers(CancellationToken stop)
    {
        foreach (var socket in (PubSocket?[])[_data, _frames?.Socket])
        {
            while (socket is not null && _options.WaitForSubscribers > 0 && !socket.WaitForSubscriber(_options.WaitForSubscribers, PollMs))
                if (stop.IsCancellationRequested) return false;
        }

        return true;
    }

    private static PubSocket FrameSocket(SessionFrames frames, ReplayOptions options, int port, ILogger? logger)
    {
        var sockets = new ZmtpOptions { HighWaterMark = options.HighWaterMark, PeerQueueBytes = PeerQueueBytes };
        var bytes = (int)Math.Min(int.MaxValue / 4, FrameMessageWriter.PixelBytes(frames) + 4096);
        return new PubSocket(new ZmtpEndpoint(options.BindAddress, port), sockets with
        {
            MaxFrameBytes = Math.Max(sockets.MaxFrameBytes, bytes),
            MaxMessageBytes = Math.Max(sockets.MaxMessageBytes, 2 * bytes),
            PeerQueueBytes = Math.Max(sockets.PeerQueueBytes, 2 * bytes),
        }, logger);
    }

    private long SendRound(PubSink sink, PreciseWait wait, long roundNs, CancellationToken stop)
    {
        long blocks = 0;
        while (_script.NextBlock < _script.Blocks && !stop.IsCancellationRequested)
        {
            if (!SendFrames(wait, roundNs, stop)) break;
            if (_options.Speed > 0)
            {
                var dueNs = roundNs + PlannedNs(_script.EndSeconds(_script.NextBlock));
                if (!wait.Until(dueNs, stop)) break;
                _lateness.Record(_clock.NowNs - dueNs);
            }

            _script.TrySendBlock(sink);
            blocks++;
        }

        return blocks;
    }

    /// <summary>The frames that are shown before the next block ends, each at its moment.</summary>
    private bool SendFrames(PreciseWait wait, long roundNs, CancellationToken stop)
    {
        if (_frames is null) return true;
        for (var endSeconds = _script.EndSeconds(_script.NextBlock); _frames.NextSeconds < endSeconds; _frames.Send())
            if (!wait.Until(roundNs + PlannedNs(_frames.NextSeconds), stop)) return false;
        return true;
    }

    /// <summary>Data time to host time.</summary>
    private long PlannedNs(double dataSeconds) => _options.Speed > 0 ? (long)(dataSeconds / _options.Speed * 1e9) : 0;
}
