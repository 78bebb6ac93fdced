using System.Net;
using System.Net.Sockets;

namespace Realtime.Host.Demo;

/// <summary>Finds a TCP port that nobody holds now; someone may take it before it is used, which the user of the port reports.</summary>
public static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
