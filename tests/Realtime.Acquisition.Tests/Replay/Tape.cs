using Realtime.Acquisition.OpenEphys;
using Realtime.Acquisition.Replay;

namespace Realtime.Acquisition.Tests.Replay;

/// <summary>Keeps all that a script sends.</summary>
internal sealed class Tape : IReplaySink
{
    public List<(byte[] Envelope, byte[] Header, byte[] Payload)> Messages { get; } = [];

    public void Send(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        Messages.Add((envelope.ToArray(), header.ToArray(), payload.ToArray()));

    public static Tape Of(ReplayScript script)
    {
        var tape = new Tape();
        while (script.TrySendBlock(tape))
        {
        }

        return tape;
    }

    /// <summary>Plays all messages into a visitor, parsed; none may be malformed.</summary>
    public void Read(Action<OpenEphysMessage, byte[]> visit)
    {
        var message = new OpenEphysMessage();
        foreach (var (envelope, header, payload) in Messages)
        {
            Assert.Equal(ParseProblem.None, OpenEphysParser.Parse(3, envelope, header, payload, message));
            visit(message, payload);
        }
    }
}
