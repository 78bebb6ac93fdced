using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Realtime.Engine.Time;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>
/// One TCP connection that speaks ZMTP 3.0 with the NULL mechanism: greeting, READY, frames, PING and PONG. The socket never blocks;
/// no call throws for what a peer does. One thread, but for <see cref="SendDirect"/>.
/// </summary>
internal sealed class ZmtpConnection : IDisposable
{
    // A peer that floods us must not keep the loop of the other peers waiting: so many receives, then the next one's turn.
    private const int FillsPerStep = 16;
    private const long NsPerMs = 1_000_000;

    private readonly Socket _socket;
    private readonly ZmtpSocketType _type;
    private readonly ZmtpOptions _options;
    private readonly FrameReader _reader;
    private readonly OutBuffer _out;
    private readonly long _handshakeDeadlineNs;
    private bool _greeted;
    private bool _answersPings;
    private long _lastReceivedNs;
    private long _nextPingNs;
    private long _unansweredPingNs; // when the first PING went out that nothing has been received since; 0 when none

    /// <param name="socket">A connected socket; the connection owns it from here on.</param>
    /// <param name="type">Our socket type.</param>
    /// <param name="options">Limits and times.</param>
    /// <param name="limits">What the peer may send.</param>
    /// <param name="fullBuffer">Take the whole receive buffer now, so that no message ever makes it grow.</param>
    /// <param name="outLimitBytes">Most bytes that may wait for the peer to read them; beyond that it is closed.</param>
    /// <param name="nowNs">Host monotonic time.</param>
    public ZmtpConnection(Socket socket, ZmtpSocketType type, ZmtpOptions options, FrameLimits limits, bool fullBuffer, int outLimitBytes,
        long nowNs)
    {
        _socket = socket;
        _type = type;
        _options = options;
        _reader = new FrameReader(limits, fullBuffer);
        _out = new OutBuffer(outLimitBytes);
        _lastReceivedNs = nowNs;
        _handshakeDeadlineNs = nowNs + options.HandshakeTimeoutMs * NsPerMs;
        Span<byte> opening = stackalloc byte[Greeting.Length];
        Greeting.Write(opening);
        _out.TryAdd(opening);
        Span<byte> ready = stackalloc byte[128];
        _out.TryAdd(ready[..Commands.WriteReady(ready, type)]);
        Flush();
    }

    /// <summary>The handshake is finished: messages flow.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Why the connection ended, without the peer's address; null while it stands.</summary>
    public string? Failure { get; private set; }

    /// <summary>The peer sent nothing that is wrong; it only went away.</summary>
    public bool FailureIsLoss { get; private set; }

    /// <summary>Bytes wait for the socket to take them.</summary>
    public bool HasPendingOutput => _out.Count > 0;

    /// <summary>Answers to PING are only queued, never sent from inside a read: another thread may be in the middle of a message.</summary>
    public bool DeferOutput { get; set; }

    public Socket Socket => _socket;

    /// <summary>Prefix of the subscription just read; valid until the next read.</summary>
    public ReadOnlySpan<byte> Subscription => _reader.Command[(IsCancel ? Commands.Cancel : Commands.Subscribe).Length..];

    /// <summary>The subscription just read takes the prefix back.</summary>
    public bool IsCancel { get; private set; }

    /// <summary>Host monotonic time at which bytes last came, ns.</summary>
    public long LastReceivedNs => _lastReceivedNs;

    /// <summary>Reads until a message is complete or the socket has no more for now. The message lies in the connection's buffer.</summary>
    public ConnectionRead Read(ZmtpMessage message)
    {
        if (Failure is not null) return ConnectionRead.Failed;
        for (var fills = 0; ; fills++)
        {
            var parsed = Parse(message);
            if (parsed != ConnectionRead.Blocked) return parsed;
            if (fills == FillsPerStep) return ConnectionRead.Blocked;
            var space = _reader.Space();
            if (space.Length == 0) return Fail("sent too many commands inside one message");
            var count = _socket.Receive(space, SocketFlags.None, out var error);
            if (count > 0)
            {
                _lastReceivedNs = MonotonicClock.Instance.NowNs;
                _unansweredPingNs = 0;
                _reader.Received(count);
                continue;
            }

            if (error is SocketError.WouldBlock or SocketError.TryAgain or SocketError.Interrupted) return ConnectionRead.Blocked;
            return Lose(error == SocketError.Success ? "closed the connection" : $"connection lost ({Describe(error)})");
        }
    }

    /// <summary>Queues bytes and sends what the socket takes now. False when the connection has failed.</summary>
    public bool Send(ReadOnlySpan<byte> bytes)
    {
        if (Failure is not null) return false;
        if (_out.Count == 0)
        {
            var taken = SendDirect(bytes, out var error);
            if (error != SocketError.Success)
            {
                Lose($"connection lost while sending ({Describe(error)})");
                return false;
            }

            if (taken == bytes.Length) return true;
            bytes = bytes[taken..];
        }

        if (_out.TryAdd(bytes)) return Flush();
        Fail("does not read what it is sent");
        return false;
    }

    /// <summary>Adds bytes without sending them; <see cref="Flush"/> follows.</summary>
    public bool Queue(ReadOnlySpan<byte> bytes)
    {
        if (_out.TryAdd(bytes)) return true;
        Fail("does not read what it is sent");
        return false;
    }

    /// <summary>Sends what waits, as far as the socket takes it now. False when the connection has failed.</summary>
    public bool Flush()
    {
        while (_out.Count > 0)
        {
            var count = SendDirect(_out.Pending, out var error);
            if (error != SocketError.Success)
            {
                Lose($"connection lost while sending ({Describe(error)})");
                return false;
            }

            if (count == 0) return true;
            _out.Sent(count);
        }

        return Failure is null;
    }

    /// <summary>Hands bytes to the kernel: returns how many it took, 0 when it has no room now. Touches no other state.</summary>
    public int SendDirect(ReadOnlySpan<byte> bytes, out SocketError error)
    {
        var count = _socket.Send(bytes, SocketFlags.None, out error);
        if (error is SocketError.WouldBlock or SocketError.TryAgain or SocketError.Interrupted or SocketError.NoBufferSpaceAvailable)
        {
            error = SocketError.Success;
        }
        return count;
    }

    /// <summary>
    /// What is due by the clock: the end of the handshake's time, a PING, the end of a dead peer. False when the connection has failed.
    /// </summary>
    /// <param name="nowNs">Host monotonic time.</param>
    /// <param name="mayBeStuck">Output waits, so a silent peer may be a slow one: it is not closed for silence.</param>
    public bool KeepAlive(long nowNs, bool mayBeStuck = false)
    {
        if (Failure is not null) return false;
        if (!IsOpen)
        {
            if (nowNs < _handshakeDeadlineNs) return true;
            var got = _reader.Unparsed.Length;
            Fail(_greeted || got > 0
                ? $"did not finish the ZMTP handshake within {_options.HandshakeTimeoutMs} ms"
                : $"said nothing for {_options.HandshakeTimeoutMs} ms after connecting; is another program on this port?");
            return false;
        }

        if (_options.HeartbeatIntervalMs == 0) return true;
        if (mayBeStuck || _out.Count > 0)
        {
            if (_unansweredPingNs != 0) _unansweredPingNs = nowNs;
            return true;
        }

        // Counted from a PING that went out, not from the last bytes: after a pause of the caller there was nothing to answer.
        if (_answersPings && _unansweredPingNs != 0 && nowNs - _unansweredPingNs > _options.HeartbeatTimeoutMs * NsPerMs)
        {
            Lose($"sent nothing for {_options.HeartbeatTimeoutMs} ms, not even an answer to PING: taken for dead");
            return false;
        }

        return nowNs < _nextPingNs || SendPing(nowNs);
    }

    /// <summary>
    /// Ends the connection. What the kernel holds is still delivered: unread input would otherwise turn the close into a reset.
    /// </summary>
    public void Dispose()
    {
        Failure ??= "closed here";
        Close(_socket);
    }

    /// <summary>Makes the connection fail for a reason found outside it.</summary>
    public ConnectionRead Fail(string reason)
    {
        Failure ??= reason;
        return ConnectionRead.Failed;
    }

    internal static string Describe(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "reset by the peer",
        SocketError.ConnectionAborted => "aborted",
        SocketError.TimedOut => "timed out",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "host unreachable",
        SocketError.HostNotFound => "host not found",
        _ => error.ToString(),
    };

    private static void Close(Socket socket)
    {
        // Not the receive buffer: its owner may still be reading a message in it.
        Span<byte> sink = stackalloc byte[4096];
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            for (var i = 0; i < FillsPerStep; i++)
            {
                if (socket.Receive(sink, SocketFlags.None, out _) <= 0) break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Already gone, which is what was wanted.
        }

        socket.Dispose();
    }

    private ConnectionRead Lose(string reason)
    {
        if (Failure is null) FailureIsLoss = true;
        if (!IsOpen && Failure is null)
        {
            // libzmq closes without a word when it reads a socket type that its own does not talk to, and may take back what it had sent.
            reason += $" in the handshake; is it a socket of another type, or another program? {ZmtpSocketTypes.Expected(_type)} is needed";
        }

        return Fail(reason);
    }

    private ConnectionRead Parse(ZmtpMessage message)
    {
        if (!_greeted)
        {
            if (!Greeting.TryAccept(_reader.Unparsed, out var error)) return error is null ? ConnectionRead.Blocked : Fail(error);
            _reader.Skip(Greeting.Length);
            _greeted = true;
        }

        while (true)
        {
            switch (_reader.TryRead(message))
            {
                case FrameRead.Message:
                    if (!IsOpen) return Fail("sent a message before READY");
                    message.ArrivalNs = _lastReceivedNs;
                    return ConnectionRead.Message;
                case FrameRead.Command:
                    var result = TakeCommand(_reader.Command);
                    if (result != ConnectionRead.Blocked) return result;
                    break;
                case FrameRead.Invalid:
                    return Fail("sent " + _reader.Error);
                default:
                    return ConnectionRead.Blocked;
            }
        }
    }

    private ConnectionRead TakeCommand(ReadOnlySpan<byte> command)
    {
        if (!IsOpen)
        {
            if (!Commands.TryAcceptReady(command, _type, out var error)) return Fail(error!);
            IsOpen = true;

            // At once, so that whether this peer answers PINGs is known early.
            _nextPingNs = _lastReceivedNs;
            return ConnectionRead.Opened;
        }

        if (command.StartsWith(Commands.Ping)) return AnswerPing(command[Commands.Ping.Length..]);
        if (command.StartsWith(Commands.Pong)) _answersPings = true;
        else if (command.StartsWith(Commands.Error))
        {
            return Fail($"ended the connection with an error: {Greeting.Quote(command[Commands.Error.Length..])}");
        }
        else if (_type == ZmtpSocketType.Pub && (command.StartsWith(Commands.Subscribe) || command.StartsWith(Commands.Cancel)))
        {
            IsCancel = command.StartsWith(Commands.Cancel);
            return ConnectionRead.Subscription;
        }

        // Any other command belongs to a later version: passed over, as the specification asks.
        return ConnectionRead.Blocked;
    }

    private ConnectionRead AnswerPing(ReadOnlySpan<byte> body)
    {
        if (body.Length < Commands.PingTtlBytes) return Fail("sent a PING without a time to live");
        var context = body[Commands.PingTtlBytes..];
        if (context.Length > Commands.MaxPingContext)
        {
            return Fail(string.Create(CultureInfo.InvariantCulture,
                $"sent a PING with a context of {context.Length} bytes (16 is the most)"));
        }
        Span<byte> frame = stackalloc byte[32];
        var length = 2 + Commands.Pong.Length + context.Length;
        frame[0] = FrameWriter.Command;
        frame[1] = (byte)(length - 2);
        Commands.Pong.CopyTo(frame[2..]);
        context.CopyTo(frame[(2 + Commands.Pong.Length)..]);
        if (!_out.TryAdd(frame[..length])) return Fail("does not read what it is sent");
        return DeferOutput || Flush() ? ConnectionRead.Blocked : ConnectionRead.Failed;
    }

    private bool SendPing(long nowNs)
    {
        _nextPingNs = nowNs + _options.HeartbeatIntervalMs * NsPerMs;

        // Time to live 0: we read only while the caller receives, so the peer must not close us for a pause.
        Span<byte> frame = stackalloc byte[2 + 5 + Commands.PingTtlBytes];
        frame[0] = FrameWriter.Command;
        frame[1] = (byte)(frame.Length - 2);
        Commands.Ping.CopyTo(frame[2..]);
        BinaryPrimitives.WriteInt16BigEndian(frame[7..], 0);
        if (!_out.TryAdd(frame)) return true;
        if (_unansweredPingNs == 0) _unansweredPingNs = nowNs;
        return DeferOutput || Flush();
    }
}
