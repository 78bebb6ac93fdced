using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Realtime.Tests;

namespace Realtime.Interop.Tests.OpenEphys;

/// <summary>The stand-in for the Open Ephys GUI (pyzmq), and the truth about what it has sent.</summary>
internal sealed class OpenEphysPeer : IDisposable
{
    private readonly PythonPeer _peer;
    private readonly string _manifest;

    private OpenEphysPeer(PythonPeer peer, string manifest)
    {
        _peer = peer;
        _manifest = manifest;
    }

    /// <summary>Starts a run; the manifest is written to a file of its own.</summary>
    public static OpenEphysPeer Start(int port, params string[] options)
    {
        var manifest = Path.Combine(Path.GetTempPath(), $"open-ephys-{Guid.NewGuid():n}.jsonl");
        var peer = Script([
            "--data-port", port.ToString(CultureInfo.InvariantCulture), "--manifest", manifest, .. options]);
        return new OpenEphysPeer(peer, manifest);
    }

    /// <summary>Starts the script with these options alone.</summary>
    public static PythonPeer Script(params string[] options) =>
        PythonPeer.Start(Path.Combine(RepositoryFiles.Shared!, "tools", "open_ephys_zmq_source.py"), options);

    /// <summary>A port that is free together with the one above it.</summary>
    public static int FreePorts()
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            using var second = new TcpListener(IPAddress.Loopback, port + 1);
            try
            {
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another pair.
            }
        }
    }

    /// <summary>Waits for the run's end and reads its truth.</summary>
    public List<JsonElement> Finish()
    {
        Assert.Equal(0, _peer.WaitForExit(120_000));
        return [.. File.ReadLines(_manifest).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public void Kill() => _peer.Kill();

    public void WaitUntilReady() => Assert.StartsWith("data ", _peer.ReadLine(), StringComparison.Ordinal);

    public void Dispose()
    {
        _peer.Dispose();
        File.Delete(_manifest);
    }
}
