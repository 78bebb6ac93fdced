using System.Text.Json;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>The texts of the heartbeat dialect.</summary>
/// <remarks>open-ephys-plugins/zmq-interface and network-events.</remarks>
public static class HeartbeatText
{
    // The plugin's buffer ends at 63 999 bytes, and a longer request writes past it.
    private const int MaxApplicationLength = 200;

    /// <summary>The request, JSON in UTF-8 without NUL.</summary>
    /// <param name="application">Name shown in the plugin's list of clients; cut to 200 characters.</param>
    /// <param name="uuid">Stays the same as long as the program runs.</param>
    public static byte[] Request(string application, Guid uuid)
    {
        if (application.Length > MaxApplicationLength) application = application[..MaxApplicationLength];
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["application"] = application,
            ["uuid"] = uuid.ToString(),
            ["type"] = "heartbeat",
        });
    }

    /// <summary>Tells who answered.</summary>
    public static HeartbeatReply Recognise(ReadOnlySpan<byte> reply)
    {
        reply = reply.TrimEnd((byte)0);
        if (reply.SequenceEqual("heartbeat received"u8)) return HeartbeatReply.Received;
        if (reply.StartsWith("JSON message could not be read"u8)) return HeartbeatReply.NotUnderstood;
        return reply.StartsWith("NotHandled"u8) || reply.StartsWith("TTLHandled"u8) || reply.StartsWith("InvalidChannel"u8)
            ? HeartbeatReply.NetworkEvents
            : HeartbeatReply.Other;
    }

    /// <summary>What an answer means to the user; empty when all is well.</summary>
    public static string Describe(HeartbeatReply reply, string peer) => reply switch
    {
        HeartbeatReply.Received => "",
        HeartbeatReply.None =>
            $"no heartbeat reply from {peer}; data do not depend on it. Check that the port is the ZMQ Interface plugin's data port + 1",
        HeartbeatReply.NotUnderstood =>
            $"the ZMQ Interface plugin at {peer} could not read the heartbeat; the GUI will not list this program. "
            + "Data do not depend on it",
        HeartbeatReply.NetworkEvents =>
            $"{peer} is the Network Events plugin, not the ZMQ Interface plugin's heartbeat port: "
            + "give one of the two another port (Network Events takes 5556 by default), "
            + "and set the heartbeat port to the ZMQ Interface plugin's data port + 1",
        _ => $"{peer} answers, but not as the ZMQ Interface plugin's heartbeat port does: set it to the plugin's data port + 1",
    };
}
