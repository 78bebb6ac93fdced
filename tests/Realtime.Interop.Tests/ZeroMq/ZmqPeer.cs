using System.Globalization;
using System.Security.Cryptography;
using Realtime.Acquisition.ZeroMq;

namespace Realtime.Interop.Tests.ZeroMq;

/// <summary>A libzmq socket in another process (zmq_peer.py), and what the tests need beside it.</summary>
internal sealed class ZmqPeer : IDisposable
{
    public const int PatienceMs = 20_000;

    private readonly PythonPeer _python;

    private ZmqPeer(PythonPeer python)
    {
        _python = python;
        var words = python.ReadLine().Split(' ');
        Assert.Equal("port", words[0]);
        Port = int.Parse(words[1], CultureInfo.InvariantCulture);
    }

    public static ZmtpOptions Quick { get; } = new() { ReconnectMinMs = 10, ReconnectMaxMs = 50 };

    public static ZmtpEndpoint AnyPort { get; } = new("127.0.0.1", 0);

    public int Port { get; }

    public ZmtpEndpoint Endpoint => new("127.0.0.1", Port);

    public static ZmqPeer Bind(string type, params string[] options) => Start(type, "bind", 0, options);

    public static ZmqPeer Connect(string type, int port, params string[] options) => Start(type, "connect", port, options);

    public void Do(string command) => _python.WriteLine(command);

    public string Line() => _python.ReadLine();

    public void Expect(string line) => _python.Expect(line);

    /// <summary>The form in which the script prints a frame.</summary>
    public static string Show(ReadOnlySpan<byte> frame)
    {
        if (frame.Length == 0) return "-";
        if (frame.Length <= 64) return Convert.ToHexString(frame).ToLowerInvariant();
        return $"{frame.Length}:{Convert.ToHexString(SHA1.HashData(frame)).ToLowerInvariant()}";
    }

    /// <summary>The form in which the script reads a frame.</summary>
    public static string Hex(ReadOnlySpan<byte> frame) => frame.Length == 0 ? "-" : Convert.ToHexString(frame);

    public static void Until(Func<bool> condition)
    {
        for (var end = Environment.TickCount64 + PatienceMs; Environment.TickCount64 < end; Thread.Sleep(1))
        {
            if (condition()) return;
        }

        Assert.Fail("waited in vain");
    }

    public void Dispose() => _python.Dispose();

    private static ZmqPeer Start(string type, string way, int port, string[] options) =>
        new(PythonPeer.Start("ZeroMq/zmq_peer.py", [type, way, port.ToString(CultureInfo.InvariantCulture), .. options]));
}
