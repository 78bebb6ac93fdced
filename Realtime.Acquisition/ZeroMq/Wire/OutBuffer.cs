namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>Bytes that wait for the socket to take them: the handshake, subscriptions, PONGs, replies. One thread.</summary>
internal sealed class OutBuffer(int limitBytes)
{
    private byte[] _bytes = new byte[512];
    private int _start;
    private int _end;

    public int Count => _end - _start;

    public ReadOnlySpan<byte> Pending => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Adds bytes; false when that would exceed the limit, and then nothing is added.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        if (Count + (long)bytes.Length > limitBytes) return false;
        if (_end + bytes.Length > _bytes.Length) MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
        return true;
    }

    public void Sent(int count)
    {
        _start += count;
        if (_start == _end) _start = _end = 0;
    }

    private void MakeRoom(int more)
    {
        var count = Count;
        var target = count + more <= _bytes.Length ? _bytes : new byte[Math.Max(_bytes.Length * 2, count + more)];
        Buffer.BlockCopy(_bytes, _start, target, 0, count);
        _bytes = target;
        _start = 0;
        _end = count;
    }
}
