using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Realtime.Acquisition.Tests.ZeroMq;

/// <summary>A peer that sends whatever bytes a test wants: the hand-written other side of the wire.</summary>
internal sealed class RawPeer : IDisposable
{
    private RawPeer(Socket socket)
    {
        Socket = socket;
        socket.NoDelay = true;
        socket.ReceiveTimeout = Sockets.PatienceMs;
    }

    public Socket Socket { get; }

    public static RawPeer Connect(int port, int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer > 0) socket.ReceiveBufferSize = receiveBuffer;
        socket.Connect(IPAddress.Loopback, port);
        return new RawPeer(socket);
    }

    public static Socket Listen(out int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        return listener;
    }

    public static RawPeer Accept(Socket listener)
    {
        Assert.True(listener.Poll(Sockets.PatienceMs * 1000, SelectMode.SelectRead), "nobody connected");
        return new RawPeer(listener.Accept());
    }

    /// <summary>A greeting of ZMTP 3.0.</summary>
    public static byte[] Greeting(string mechanism = "NULL", byte version = 3)
    {
        var greeting = new byte[64];
        greeting[0] = 0xFF;
        greeting[9] = 0x7F;
        greeting[10] = version;
        Encoding.ASCII.GetBytes(mechanism).CopyTo(greeting, 12);
        return greeting;
    }

    public static byte[] Ready(string type) => Command("\u0005READY\u000bSocket-Type\0\0\0" + (char)type.Length + type);

    public static byte[] Command(string body) => [0x04, (byte)body.Length, .. Encoding.Latin1.GetBytes(body)];

    public static byte[] Frame(string body, bool more = false) =>
        [(byte)(more ? 1 : 0), (byte)body.Length, .. Encoding.Latin1.GetBytes(body)];

    public void Send(params byte[] bytes) => Socket.Send(bytes);

    /// <summary>Greeting and READY, as libzmq would send them.</summary>
    public RawPeer Handshake(string type)
    {
        Send([.. Greeting(), .. Ready(type)]);
        return this;
    }

    /// <summary>Reads exactly so many bytes.</summary>
    public byte[] Read(int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var got = Socket.Receive(bytes, at, count - at, SocketFlags.None);
            Assert.True(got > 0, $"the connection ended after {at} of {count} bytes");
            at += got;
        }

        return bytes;
    }

    /// <summary>Reads until the other side closes; returns what came.</summary>
    public byte[] ReadToEnd()
    {
        var all = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            for (var got = Socket.Receive(buffer); got > 0; got = Socket.Receive(buffer)) all.AddRange(buffer.AsSpan(0, got));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed with bytes of ours unread: an end like any other.
        }

        return [.. all];
    }

    public void Dispose() => Socket.Dispose();
}
