using System.Net.Sockets;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>
/// A peer of a listening socket. The thread that runs the server owns the connection; the sending thread only adds to the queue, or writes
/// to the socket itself while it holds the socket (<see cref="TryHold"/>), so neither ever waits for the other.
/// </summary>
internal sealed class ServerPeer : IDisposable
{
    // One flush sends at most this much, so that a fast reader of a long queue does not keep the other peers waiting.
    private const int FlushBytes = 256 * 1024;
    private const int ChunkBytes = 64 * 1024;

    private readonly SubscriptionSet _subscriptions = new();
    private SendQueue? _queue;
    private int _held;
    private int _controlPending;
    private int _sendError;
    private long _accepted;
    private long _sent;
    private long _refused;
    private long _progressNs;
    private bool _closed;

    public ServerPeer(ZmtpConnection connection, string address)
    {
        Connection = connection;
        Address = address;
    }

    public ZmtpConnection Connection { get; }

    /// <summary>host:port of the peer.</summary>
    public string Address { get; }

    /// <summary>The socket may have bytes to read. Server's thread.</summary>
    public bool MayRead { get; set; } = true;

    public SubscriptionSet Subscriptions => _subscriptions;

    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Messages whose bytes the kernel has taken whole. Any thread.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Messages refused because the queue was full, or still in it when the connection ended. Any thread.</summary>
    public long Dropped
    {
        get
        {
            // Read in this order: what is accepted after the close was never sent, so it counts as dropped at once.
            var closed = IsClosed;
            var lost = closed ? Volatile.Read(ref _accepted) - Sent : 0;
            return Volatile.Read(ref _refused) + lost;
        }
    }

    /// <summary>Messages that wait. Any thread.</summary>
    public int Queued => IsClosed ? 0 : _queue?.Messages ?? 0;

    /// <summary>Output waits for the socket to take it. Server's thread.</summary>
    public bool WantsWrite => Connection.HasPendingOutput || _queue is { IsEmpty: false };

    /// <summary>A send met an error; the server's thread is to close the peer.</summary>
    public SocketError SendError => (SocketError)Volatile.Read(ref _sendError);

    /// <summary>The handshake is done: the queue is made, and other output is sent only between messages from now on.</summary>
    public void OpenQueue(ZmtpOptions options, long nowNs)
    {
        _progressNs = nowNs;
        Connection.DeferOutput = true;
        NoteControl();
        _queue = new SendQueue(options.HighWaterMark, options.PeerQueueBytes + options.MaxFrames * FrameWriter.MaxHeaderBytes);
    }

    /// <summary>Tells the sending thread that a command waits, so that it leaves the socket to the server's thread.</summary>
    public void NoteControl() => Volatile.Write(ref _controlPending, Connection.HasPendingOutput ? 1 : 0);

    /// <summary>
    /// Sends or queues one message in wire form. False when the queue is full (nothing is counted yet). Sending thread; never waits.
    /// </summary>
    /// <param name="wire">The whole message.</param>
    /// <param name="mustFlush">Bytes were left for the server's thread to send, which must be woken.</param>
    public bool TrySend(ReadOnlySpan<byte> wire, out bool mustFlush)
    {
        mustFlush = false;
        if (_queue is not { } queue)
        {
            // Closed in this moment: accepted and never sent, so it counts as dropped.
            Volatile.Write(ref _accepted, _accepted + 1);
            return true;
        }

        if (queue.IsEmpty && Volatile.Read(ref _controlPending) == 0 && TryHold())
        {
            if (queue.IsEmpty && Volatile.Read(ref _controlPending) == 0)
            {
                var taken = Connection.SendDirect(wire, out var error);
                Volatile.Write(ref _accepted, _accepted + 1);
                if (taken == wire.Length) Volatile.Write(ref _sent, _sent + 1);
                else if (error != SocketError.Success) Volatile.Write(ref _sendError, (int)error);
                else queue.AddRest(wire[taken..]);
                Release();
                mustFlush = taken != wire.Length;
                return true;
            }

            Release();
        }

        if (!queue.TryAdd(wire)) return false;
        Volatile.Write(ref _accepted, _accepted + 1);
        mustFlush = true;
        return true;
    }

    /// <summary>Counts a message that this peer does not get. Sending thread.</summary>
    public void CountRefused() => Volatile.Write(ref _refused, _refused + 1);

    /// <summary>Sending thread, when it waits for room: sends from the queue itself for at most so long.</summary>
    public void HelpFlush(int microseconds)
    {
        if (Volatile.Read(ref _controlPending) == 0 && TryHold())
        {
            // Again under the hold: a command may have been sent in part in between.
            var free = Volatile.Read(ref _controlPending) == 0 && !IsClosed;
            if (free)
            {
                Connection.Socket.Poll(microseconds, SelectMode.SelectWrite);
                Flush(control: false);
            }

            Release();
            if (free) return;
        }

        Thread.Sleep(1);
    }

    /// <summary>Sends what waits, as far as the socket takes it. Server's thread; false when the peer is to be closed.</summary>
    public bool FlushFromServer(long nowNs, int stalledTimeoutMs)
    {
        if (!WantsWrite)
        {
            _progressNs = nowNs;
            return true;
        }

        // The sending thread holds the socket for one system call; what is left will be flushed in the next round.
        if (!TryHold()) return true;
        var before = _queue?.Taken ?? 0;
        var done = Flush(control: true);
        if (_queue is null || _queue.Taken != before || !WantsWrite) _progressNs = nowNs;
        Release();
        NoteControl();
        if (done && stalledTimeoutMs > 0 && nowNs - _progressNs > stalledTimeoutMs * 1_000_000L)
        {
            Connection.Fail($"took nothing of its queue for {stalledTimeoutMs} ms");
            return false;
        }

        return done;
    }

    /// <summary>Server's thread. Once closed, the socket stays held: no sender can touch it again.</summary>
    public void Dispose()
    {
        var wait = new SpinWait();
        while (!TryHold()) wait.SpinOnce();
        Volatile.Write(ref _closed, true);
        _queue = null;
        Connection.Dispose();
    }

    // Under the hold. Commands go out only between messages.
    private bool Flush(bool control)
    {
        var queue = _queue;
        if (queue is null) return Connection.Flush();
        if (SendError != SocketError.Success) return false;
        for (var sent = 0; sent < FlushBytes;)
        {
            var most = ChunkBytes;
            if (control && Connection.HasPendingOutput)
            {
                if (queue.AtBoundary)
                {
                    if (!Connection.Flush()) return false;
                    if (Connection.HasPendingOutput) return true;
                }
                else most = Math.Min(most, queue.BytesToBoundary);
            }

            var chunk = queue.Peek(most);
            if (chunk.Length == 0) return true;
            var count = Connection.SendDirect(chunk, out var error);
            if (error != SocketError.Success)
            {
                Volatile.Write(ref _sendError, (int)error);
                return false;
            }

            if (count == 0) return true;
            Volatile.Write(ref _sent, _sent + queue.Take(count));
            sent += count;
        }

        return true;
    }

    private bool TryHold() => Interlocked.CompareExchange(ref _held, 1, 0) == 0;

    private void Release() => Volatile.Write(ref _held, 0);
}
