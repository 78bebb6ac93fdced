using Realtime.Acquisition.Frames;
using Realtime.Acquisition.ZeroMq;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Replay;

/// <summary>
/// Publishes a session's video frames as the program that showed them did: each at the moment it arrived, ahead of the block that it lies in. One thread; sending
/// allocates nothing.
/// </summary>
internal sealed class ReplayFrames : IDisposable
{
    private readonly SessionFrames _frames;
    private readonly FrameMessageWriter _writer;
    private readonly PubSocket _socket;
    private readonly double _rate;
    private readonly long _from;
    private readonly long _shift;
    private readonly int _first;
    private readonly int _end;
    private int _next;
    private long _sent;

    /// <param name="session">With frames.</param>
    /// <param name="from">First sample of the replay.</param>
    /// <param name="to">Sample after its last.</param>
    /// <param name="shift">What is added to sample numbers.</param>
    /// <param name="socket">Owned.</param>
    public ReplayFrames(Session session, long from, long to, long shift, PubSocket socket)
    {
        _frames = session.Frames!;
        (_rate, _from, _shift, _socket) = (session.SampleRateHz, from, shift, socket);
        _writer = new FrameMessageWriter(_frames);
        (_first, _end) = (_frames.FirstAt(from), _frames.FirstAt(to));
        _next = _first;
    }

    public PubSocket Socket => _socket;

    /// <summary>Frames sent so far, in all rounds.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Data time from the replay's start to the next frame, s; infinite where none is left.</summary>
    public double NextSeconds => _next < _end ? (_frames.Arrivals[_next] - _from) / _rate : double.PositiveInfinity;

    /// <summary>Back to the first frame; numbers run on, as the sender of a rig's frames knows nothing of acquisition.</summary>
    public void Restart() => _next = _first;

    /// <summary>Sends the next frame.</summary>
    public void Send()
    {
        var pixels = _writer.Write(_next, _sent, _frames.Samples[_next] + _shift);
        _socket.Send(FrameMessage.Topic, _writer.Header, pixels);
        _next++;
        Volatile.Write(ref _sent, _sent + 1);
    }

    public void Dispose() => _socket.Dispose();
}
