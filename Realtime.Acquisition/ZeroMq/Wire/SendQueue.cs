namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>
/// Messages, already in wire form, that wait for one peer: a byte ring bounded in messages and in bytes, all taken at start. One thread
/// adds; the thread that holds the peer's socket takes.
/// </summary>
internal sealed class SendQueue
{
    private readonly byte[] _ring;
    private readonly long[] _ends; // where each waiting message ends, in bytes since the start
    private readonly int _maxMessages;
    private long _tail; // bytes added
    private long _messageTail; // messages added
    private long _head; // bytes taken
    private long _messageHead; // messages taken whole
    private long _boundary; // end of the last message taken whole, or -1 inside one that began outside the queue

    public SendQueue(int maxMessages, int bytes)
    {
        _maxMessages = maxMessages;
        _ends = new long[maxMessages];
        _ring = GC.AllocateUninitializedArray<byte>(bytes);
    }

    /// <summary>Any thread.</summary>
    public bool IsEmpty => Volatile.Read(ref _head) == Volatile.Read(ref _tail);

    /// <summary>Messages that wait, one of them perhaps partly sent. Any thread.</summary>
    public int Messages => (int)Math.Max(0, Volatile.Read(ref _messageTail) - Volatile.Read(ref _messageHead));

    /// <summary>The bytes taken so far end a message: something else may be sent now. Taking thread.</summary>
    public bool AtBoundary => _head == _boundary;

    /// <summary>Bytes taken so far. Taking thread.</summary>
    public long Taken => _head;

    /// <summary>Adds a whole message; false when it has no room, and then nothing is added. Adding thread.</summary>
    public bool TryAdd(ReadOnlySpan<byte> wire)
    {
        var tail = _tail;
        if (_messageTail - Volatile.Read(ref _messageHead) >= _maxMessages) return false;
        if (_ring.Length - (tail - Volatile.Read(ref _head)) < wire.Length) return false;
        Copy(tail, wire);
        _ends[_messageTail % _ends.Length] = tail + wire.Length;
        Volatile.Write(ref _messageTail, _messageTail + 1);
        Volatile.Write(ref _tail, tail + wire.Length);
        return true;
    }

    /// <summary>
    /// Adds the rest of a message whose first bytes the socket took at once. The queue is empty and the caller holds the socket, so
    /// there is room.
    /// </summary>
    public void AddRest(ReadOnlySpan<byte> rest)
    {
        _boundary = -1;
        TryAdd(rest);
    }

    /// <summary>The next bytes to send, at most <paramref name="most"/>, in one piece. Taking thread.</summary>
    public ReadOnlySpan<byte> Peek(int most)
    {
        var at = (int)(_head % _ring.Length);
        var count = (int)Math.Min(Volatile.Read(ref _tail) - _head, Math.Min(most, _ring.Length - at));
        return new ReadOnlySpan<byte>(_ring, at, count);
    }

    /// <summary>Bytes up to the end of the message that has begun to be sent. Taking thread.</summary>
    public int BytesToBoundary => AtBoundary || IsEmpty ? 0 : (int)(_ends[_messageHead % _ends.Length] - _head);

    /// <summary>Says that so many bytes were sent; returns how many messages that completed. Taking thread.</summary>
    public int Take(int bytes)
    {
        var head = _head + bytes;
        var done = 0;
        var first = _messageHead;
        while (first + done < Volatile.Read(ref _messageTail) && _ends[(first + done) % _ends.Length] <= head)
        {
            _boundary = _ends[(first + done) % _ends.Length];
            done++;
        }

        Volatile.Write(ref _head, head);
        Volatile.Write(ref _messageHead, first + done);
        return done;
    }

    private void Copy(long at, ReadOnlySpan<byte> bytes)
    {
        var start = (int)(at % _ring.Length);
        var first = Math.Min(bytes.Length, _ring.Length - start);
        bytes[..first].CopyTo(_ring.AsSpan(start));
        bytes[first..].CopyTo(_ring);
    }
}
