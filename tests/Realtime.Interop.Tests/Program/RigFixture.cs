using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Realtime.Interop.Tests.Program;

/// <summary>A session, a model fitted to it, and rig configs for them, in a folder with blanks and non-ASCII letters; made once by the program itself.</summary>
public sealed class RigFixture : IDisposable
{
    public RigFixture()
    {
        Folder = Path.Combine(Path.GetTempPath(), $"rig für test {Guid.NewGuid():N}");
        Directory.CreateDirectory(Folder);
        Session = Path.Combine(Folder, "session");
        Model = Path.Combine(Folder, "wiener.rtmodel");
        Expect(0, "simulate-session", Session, "--units", "24", "--minutes", "3", "--seed", "5");
        Expect(0, "train", Session, "-o", Model, "--bin-ms", "50", "--lags", "10");
    }

    public string Folder { get; }

    public string Session { get; }

    public string Model { get; }

    public string Runs => Path.Combine(Folder, "runs");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Writes a rig config and gives its path.</summary>
    public string Config(int dataPort, int predictionPort, string more = "", string source = "", string? model = null)
    {
        var path = Path.Combine(Folder, $"rig-{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $$"""
            schema_version: 1
            name: test
            sources:
              - name: replay
                data_port: {{dataPort}}
                behaviour_stream: behaviour
                {{source}}
            ticks: { hop_ms: 50, lateness_ms: 500, deadline_ms: 1000 }
            model: { path: '{{model ?? Model}}' }
            outputs: { predictions: { port: {{predictionPort}} } }
            run: { folder: '{{Runs}}', minimum_free_mb: 1 }
            {{more}}
            """));
        return path;
    }

    /// <summary>The newest run folder.</summary>
    public string LastRun() => Directory.GetDirectories(Runs).OrderByDescending(Directory.GetCreationTimeUtc).First();

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Expect(int code, params string[] arguments)
    {
        var (actual, output, errors) = Rtdecode.Run(arguments);
        Assert.True(actual == code, $"rtdecode {string.Join(" ", arguments)} ended with {actual}: {output}{errors}");
    }
}
