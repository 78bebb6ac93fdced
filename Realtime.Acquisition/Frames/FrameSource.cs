using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Acquisition.ZeroMq;
using Realtime.Engine.Frames;

namespace Realtime.Acquisition.Frames;

/// <summary>
/// Receives video frames from the program that shows them: a SUB socket on a thread of its own, which writes whole frames of the right size into
/// the ring and counts all others. It connects again after every loss. <see cref="Start"/> and <see cref="Dispose"/>: one thread; the properties: any.
/// </summary>
public sealed class FrameSource : IDisposable
{
    // How soon the thread sees that it is to stop.
    private const int PollMs = 50;

    // A fault of the program itself must not become a storm of log lines.
    private const int FaultPauseMs = 1000;

    private readonly FrameSourceOptions _options;
    private readonly FrameInput _input;
    private readonly SubSocket _socket;
    private readonly ZmtpMessage _message = new();
    private readonly ILogger _log;
    private readonly Thread _thread;
    private volatile bool _stop;
    private FrameProblem _told;
    private long _next = -1;

    /// <exception cref="ArgumentException">The endpoint cannot be connected to.</exception>
    public FrameSource(FrameSourceOptions options, FrameInput input, ILogger? log = null)
    {
        (_options, _input, _log) = (options, input, log ?? NullLogger.Instance);
        var bytes = input.Ring.Shape.Pixels * sizeof(float) + 4096;
        var zmtp = new ZmtpOptions();
        _socket = new SubSocket(
            new ZmtpEndpoint(options.Host, options.Port),
            zmtp with { MaxFrameBytes = Math.Max(zmtp.MaxFrameBytes, bytes), MaxMessageBytes = Math.Max(zmtp.MaxMessageBytes, 2 * bytes) },
            log);
        _socket.Subscribe(FrameMessage.Topic);
        _thread = new Thread(Run) { IsBackground = true, Name = $"frames {options.Host}:{options.Port}" };
    }

    public bool Connected => _socket.IsConnected;

    public FrameCounters Counters => _input.Counters;

    /// <summary>Starts receiving. Once.</summary>
    public void Start() => _thread.Start();

    /// <summary>Stops the thread and closes the connection.</summary>
    public void Dispose()
    {
        _stop = true;
        _socket.Dispose();
        if (_thread.IsAlive && _thread != Thread.CurrentThread) _thread.Join();
    }

    private void Run()
    {
        while (!_stop)
        {
            try
            {
                Receive();
            }
            catch (Exception fault) when (!_stop)
            {
                _log.LogError(fault, "frames from {Host}:{Port}: fault while receiving; going on", _options.Host, _options.Port);
                Thread.Sleep(FaultPauseMs);
            }
            catch (Exception) when (_stop)
            {
                return; // the socket was closed under the receive
            }
        }
    }

    private void Receive()
    {
        while (!_stop)
        {
            switch (_socket.Receive(_message, PollMs))
            {
                case ReceiveStatus.Message:
                    Tell(Take());
                    break;
                case ReceiveStatus.Closed:
                    return;
            }
        }
    }

    private FrameProblem Take()
    {
        if (_message.FrameCount != 3) return FrameProblem.Parts;
        var problem = FrameMessage.ReadHeader(_message[1], _input.Ring.Shape, out var sample, out var number, out var isByte);
        if (problem != FrameProblem.None) return problem;
        if (_next >= 0 && number > _next) Counters.CountMissing(number - _next);
        _next = number + 1;
        if (!_input.Ring.TryBegin(out var pixels))
        {
            Counters.CountReceived();
            Counters.CountRingFull();
            return FrameProblem.None;
        }

        problem = FrameMessage.ReadPixels(_message[2], isByte, _options.Scale, pixels);
        if (problem != FrameProblem.None) return problem;
        Counters.CountReceived();
        _input.Ring.Commit(new FrameStamp(sample, _message.ArrivalNs, isByte && _options.Scale == 1));
        _options.Wake?.Set();
        return FrameProblem.None;
    }

    /// <summary>Counts what is no frame, and logs each kind of trouble once in a row.</summary>
    private void Tell(FrameProblem problem)
    {
        if (problem != FrameProblem.None)
        {
            Counters.CountInvalid();
            if (problem != _told) _log.LogWarning("frames from {Host}:{Port}: {Problem}", _options.Host, _options.Port, FrameProblemText.Of(problem, _input.Ring.Shape));
        }

        _told = problem;
    }
}
