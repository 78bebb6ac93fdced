using System.Text.Json;
using Microsoft.Extensions.Logging;
using Realtime.Acquisition.ZeroMq;

namespace Realtime.Acquisition.Replay;

/// <summary>Answers heartbeats as the ZMQ Interface plugin does, on a thread of its own.</summary>
internal sealed class HeartbeatResponder : IDisposable
{
    private const int PollMs = 100;

    private readonly RepSocket _socket;
    private readonly ZmtpMessage _message = new();
    private readonly Thread _thread;
    private volatile bool _stop;

    /// <exception cref="EndpointException">The port cannot be bound.</exception>
    public HeartbeatResponder(ZmtpEndpoint bind, ILogger? logger)
    {
        _socket = new RepSocket(bind, ZmtpOptions.Default, logger);
        _thread = new Thread(Run) { IsBackground = true, Name = "Replay heartbeat" };
        _thread.Start();
    }

    public int Port => _socket.Port;

    public void Dispose()
    {
        _stop = true;
        _socket.Dispose();
        _thread.Join();
    }

    /// <summary>The plugin's answer to a request.</summary>
    public static ReadOnlySpan<byte> Answer(ReadOnlySpan<byte> request)
    {
        try
        {
            var json = new Utf8JsonReader(request);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return "JSON message could not be read"u8;
            var isEvent = false;
            while (json.Read())
            {
                if (json.CurrentDepth != 1 || json.TokenType != JsonTokenType.PropertyName) continue;
                var isType = json.ValueTextEquals("type"u8);
                json.Read();
                if (isType) isEvent = json.TokenType == JsonTokenType.String && json.ValueTextEquals("event"u8);
                json.Skip();
            }

            return isEvent ? "message correctly parsed"u8 : "heartbeat received"u8;
        }
        catch (JsonException)
        {
            return "JSON message could not be read"u8;
        }
    }

    private void Run()
    {
        while (!_stop)
        {
            var status = _socket.Receive(_message, PollMs);
            if (status == ReceiveStatus.Closed) return;
            if (status == ReceiveStatus.Message) _socket.Reply(Answer(_message.FrameCount > 0 ? _message[0] : default));
        }
    }
}
