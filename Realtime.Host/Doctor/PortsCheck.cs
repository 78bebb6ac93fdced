using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Realtime.Host.Configuration;

namespace Realtime.Host.Doctor;

/// <summary>Whether the acquisition program listens where the config says, and the port for answers is free.</summary>
internal static class PortsCheck
{
    /// <summary>An answer on the same machine comes in well below this, on a lab's network too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static IEnumerable<CheckResult> Run(RigConfig config)
    {
        foreach (var source in config.Sources)
        {
            yield return JudgeSource(source.Host, source.DataPort, "data", Answers(source.Host, source.DataPort, Patience));
            if (source.EffectiveHeartbeatPort is { } port) yield return JudgeSource(source.Host, port, "heartbeats",
                Answers(source.Host, port, Patience));
        }

        var predictions = config.Outputs.Predictions;
        yield return JudgeOwn(predictions.Bind, predictions.Port, WhyNotFree(predictions.Bind, predictions.Port));
    }

    internal static CheckResult JudgeSource(string host, int port, string use, bool answers)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"port {port}");
        return answers
            ? new(name, CheckLevel.Ok, $"{host} answers ({use})")
            : new(name, CheckLevel.Warn, $"nothing answers on {host} ({use})", use == "data"
                ? "Start the Open Ephys GUI with the ZMQ Interface plugin, or correct host and data_port. A run also waits until it comes."
                : "Data flow without heartbeats; correct heartbeat_port, or set it to 0.");
    }

    internal static CheckResult JudgeOwn(string address, int port, string? trouble)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"port {port}");
        return trouble is null
            ? new(name, CheckLevel.Ok, $"free on {address} (answers)")
            : new(name, CheckLevel.Fail, $"cannot be opened on {address} for answers: {trouble}",
                "Close the program that holds it, or change outputs.predictions in the config.");
    }

    /// <summary>Whether a connection is made within that time; it is closed again at once.</summary>
    internal static bool Answers(string host, int port, TimeSpan patience)
    {
        try
        {
            using var client = new TcpClient();
            return client.ConnectAsync(host, port).Wait(patience) && client.Connected;
        }
        catch (Exception exception) when (exception is AggregateException or SocketException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Null when the port could be opened; it is closed again at once.</summary>
    internal static string? WhyNotFree(string address, int port)
    {
        try
        {
            var where = address == "*" ? IPAddress.Any : IPAddress.TryParse(address, out var given) ? given
                : Dns.GetHostAddresses(address)[0];
            using var socket = new Socket(where.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

            // Windows would otherwise let two programs share a port.
            if (OperatingSystem.IsWindows()) socket.ExclusiveAddressUse = true;
            socket.Bind(new IPEndPoint(where, port));
            socket.Listen(1);
            return null;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            return exception.Message;
        }
    }
}
