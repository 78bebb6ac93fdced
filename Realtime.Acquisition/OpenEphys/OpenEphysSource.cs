using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Acquisition.ZeroMq;
using Realtime.Engine.Events;
using Realtime.Engine.Latency;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Sessions;
using Realtime.Engine.Time;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>
/// Reads one stream of Open Ephys' ZMQ Interface plugin: subscribes to its data port on a thread of its own, and writes spikes, TTL
/// changes,
/// watermarks, losses and restarts into the ring. When the GUI goes away it tries again for ever; when it comes back, the stream goes on
/// with a restart.
/// </summary>
/// <remarks><see cref="Start"/> and <see cref="Dispose"/>: one thread. <see cref="Snapshot"/> and the properties: any thread.</remarks>
public sealed class OpenEphysSource : IDisposable
{
    // How soon the thread sees that it is to stop, and how soon markers kept back by a full ring are tried again while nothing arrives.
    private const int PollMs = 50;

    // A fault of the program itself must not become a storm of log lines.
    private const int FaultPauseMs = 1000;

    private readonly OpenEphysOptions _options;
    private readonly OpenEphysReceiver _receiver;
    private readonly SubSocket _socket;
    private readonly ZmtpMessage _message = new();
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private volatile bool _stop;
    private volatile string? _fault;
    private long _connections;

    /// <inheritdoc cref="OpenEphysReceiver(OpenEphysOptions, UnitMap, SpscRing{SpikeEvent}, StreamLedger, SpscRing{BehaviourSample}?, ILogger?)"/>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public OpenEphysSource(
        OpenEphysOptions options, UnitMap units, SpscRing<SpikeEvent> ring, StreamLedger ledger,
        SpscRing<BehaviourSample>? behaviourRing = null, ILogger? logger = null)
    {
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _receiver = new OpenEphysReceiver(options, units, ring, ledger, behaviourRing, logger);
        _socket = new SubSocket(new ZmtpEndpoint(options.Host, options.Port), new ZmtpOptions { Spin = options.Spin }, logger);
        _socket.Subscribe(default);
        _thread = new Thread(Run) { IsBackground = true, Name = $"Open Ephys {options.Host}:{options.Port}" };
    }

    /// <summary>The plugin is there: a connection stands, whether data flow or not.</summary>
    public bool Connected => _socket.IsConnected;

    /// <inheritdoc cref="OpenEphysReceiver.BehaviourChannels"/>
    public IReadOnlyList<string> BehaviourChannels => _receiver.BehaviourChannels;

    /// <inheritdoc cref="OpenEphysReceiver.UnknownUnit"/>
    public UnitId UnknownUnit(int place) => _receiver.UnknownUnit(place);

    /// <inheritdoc cref="OpenEphysReceiver.LastMessageNs"/>
    public long LastMessageNs => _receiver.LastMessageNs;

    /// <summary>From a message's last byte to its events lying in the ring, every message.</summary>
    public LatencyHistogram ReceiveLatency { get; } = new();

    /// <summary>Starts receiving. Once.</summary>
    public void Start() => _thread.Start();

    /// <summary>What has been seen so far. Any thread; allocates.</summary>
    public OpenEphysStatistics Snapshot()
    {
        var seen = _receiver.Snapshot();
        var connected = _socket.IsConnected;
        var trouble = _fault ?? (connected || _socket.LastError is null ? seen.LastProblem : _socket.LastError);
        return seen with { Connected = connected, Connections = _socket.Connections, LastProblem = trouble };
    }

    /// <summary>Stops the thread and closes the connection.</summary>
    public void Dispose()
    {
        _stop = true;
        _socket.Dispose();
        if (_thread.IsAlive && _thread != Thread.CurrentThread) _thread.Join();
    }

    private void Run()
    {
        Prepare();
        while (!_stop)
        {
            try
            {
                Receive();
            }
            catch (Exception fault) when (!_stop)
            {
                _fault = $"fault while receiving: {fault.Message}";
                _logger.LogError(fault, "Open Ephys at {Host}:{Port}: fault while receiving; going on", _options.Host, _options.Port);
                Thread.Sleep(FaultPauseMs);
            }
            catch (Exception) when (_stop)
            {
                return; // the socket was closed under the receive
            }
        }
    }

    private void Prepare()
    {
        try
        {
            _options.OnThreadStart?.Invoke();
        }
        catch (Exception fault)
        {
            // An unpinned thread receives as well, only less evenly.
            _logger.LogWarning(fault, "Open Ephys at {Host}:{Port}: the receiving thread could not be prepared", _options.Host,
                _options.Port);
        }
    }

    private void Receive()
    {
        while (!_stop)
        {
            var status = _socket.Receive(_message, PollMs);
            if (_socket.Connections != _connections)
            {
                _connections = _socket.Connections;
                _receiver.NewConnection();
            }

            switch (status)
            {
                case ReceiveStatus.Message: Take(); break;
                case ReceiveStatus.Closed: return;
                default: _receiver.Idle(); break;
            }
        }
    }

    private void Take()
    {
        var frames = _message.FrameCount;
        _receiver.Receive(
            frames, _message[0], frames > 1 ? _message[1] : default, frames > 2 ? _message[2] : default, _message.ArrivalNs);
        ReceiveLatency.Record(MonotonicClock.Instance.NowNs - _message.ArrivalNs);
    }
}
