using System.Net.Sockets;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>Settings that every ZMTP socket has.</summary>
internal static class SocketSetup
{
    // A half-open peer that never answered a PING is found by TCP: after 10 s of silence, 5 probes 2 s apart.
    private const int KeepAliveTimeS = 10;
    private const int KeepAliveIntervalS = 2;
    private const int KeepAliveRetries = 5;

    /// <summary>Never blocking, no Nagle delay, TCP keep-alive, buffer sizes from the options.</summary>
    public static void Apply(Socket socket, ZmtpOptions options)
    {
        socket.Blocking = false;
        socket.NoDelay = true;
        if (options.ReceiveBufferBytes > 0) socket.ReceiveBufferSize = options.ReceiveBufferBytes;
        if (options.SendBufferBytes > 0) socket.SendBufferSize = options.SendBufferBytes;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveTimeS);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalS);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveRetries);
        }
        catch (SocketException)
        {
            // Older Windows lacks the finer settings; its defaults then find a dead peer later.
        }
    }
}
