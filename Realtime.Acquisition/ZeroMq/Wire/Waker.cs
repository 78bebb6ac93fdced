using System.Net;
using System.Net.Sockets;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>
/// Wakes a thread that sleeps in <see cref="Socket.Select(System.Collections.IList, System.Collections.IList, System.Collections.IList,
/// int)"/>: a pair of loopback UDP sockets, which works on every system. <see cref="Wake"/> is for any thread.
/// </summary>
internal sealed class Waker : IDisposable
{
    private static readonly byte[] OneByte = [1];

    private readonly Socket _receive = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _send = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _drain = new byte[16];
    private int _woken;

    public Waker()
    {
        _receive.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _send.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _receive.Connect(_send.LocalEndPoint!);
        _send.Connect(_receive.LocalEndPoint!);
        _receive.Blocking = false;
        _send.Blocking = false;
    }

    /// <summary>Put this one into the list of sockets to read from.</summary>
    public Socket Readable => _receive;

    public void Wake()
    {
        if (Volatile.Read(ref _woken) != 0 || Interlocked.Exchange(ref _woken, 1) != 0) return;
        try
        {
            _send.Send(OneByte, SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // The sleeper has ended: nobody to wake.
        }
    }

    /// <summary>The woken thread calls this before it looks at what there is to do.</summary>
    public void Reset()
    {
        while (_receive.Receive(_drain, SocketFlags.None, out _) > 0)
        {
            // One byte for each wake.
        }

        Interlocked.Exchange(ref _woken, 0);
    }

    public void Dispose()
    {
        _receive.Dispose();
        _send.Dispose();
    }
}
