using System.Buffers.Binary;
using System.Text;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>ZMTP 3.0/3.1 commands: a name with its length in front, then data (rfc.zeromq.org/spec/23 and 37).</summary>
internal static class Commands
{
    public static ReadOnlySpan<byte> Ready => "\u0005READY"u8;

    public static ReadOnlySpan<byte> Error => "\u0005ERROR"u8;

    public static ReadOnlySpan<byte> Ping => "\u0004PING"u8;

    public static ReadOnlySpan<byte> Pong => "\u0004PONG"u8;

    public static ReadOnlySpan<byte> Subscribe => "\u0009SUBSCRIBE"u8;

    public static ReadOnlySpan<byte> Cancel => "\u0006CANCEL"u8;

    /// <summary>A PING carries a time to live of 2 bytes before its context.</summary>
    public const int PingTtlBytes = 2;

    /// <summary>Longest context of a PING that must be echoed (spec 37: 16 bytes).</summary>
    public const int MaxPingContext = 16;

    /// <summary>Writes our READY with the socket type, as a frame; returns its size (under 64 bytes).</summary>
    public static int WriteReady(Span<byte> target, ZmtpSocketType type)
    {
        Span<byte> body = stackalloc byte[64];
        var name = ZmtpSocketTypes.Name(type);
        var at = Append(body, 0, Ready);
        at = Append(body, at, "\u000bSocket-Type"u8);
        BinaryPrimitives.WriteInt32BigEndian(body[at..], name.Length);
        at = Append(body, at + 4, name);

        // REQ announces an empty identity, as libzmq does: some ROUTERs look for the property.
        if (type == ZmtpSocketType.Req) at = Append(body, at, "\u0008Identity\0\0\0\0"u8);
        return FrameWriter.Write(target, body[..at], FrameWriter.Command);
    }

    /// <summary>Checks the peer's first command, which must be READY with a socket type that may talk to ours.</summary>
    public static bool TryAcceptReady(ReadOnlySpan<byte> command, ZmtpSocketType ours, out string? error)
    {
        error = null;
        if (command.StartsWith(Error))
        {
            var text = command[Error.Length..];
            var reason = text.Length > 0 && text[0] <= text.Length - 1 ? text.Slice(1, text[0]) : [];
            error = $"refused the connection: {(reason.Length > 0 ? Greeting.Quote(reason) : "no reason given")}";
            return false;
        }

        if (!command.StartsWith(Ready))
        {
            error = $"sent a command other than READY in the handshake: {Greeting.Quote(command)}";
            return false;
        }

        var rest = command[Ready.Length..];
        ReadOnlySpan<byte> type = default;
        while (rest.Length > 0)
        {
            if (!TryReadProperty(ref rest, out var name, out var value))
            {
                error = "sent a READY command with malformed metadata";
                return false;
            }

            if (NameEquals(name, "socket-type"u8)) type = value;
        }

        if (ZmtpSocketTypes.Accepts(ours, type)) return true;
        var shown = type.Length > 0 ? $"is a {Greeting.Quote(type)} socket" : "did not say which socket type it is";
        error =
            $"{shown}; {ZmtpSocketTypes.Expected(ours)} is needed to talk to our {Encoding.ASCII.GetString(ZmtpSocketTypes.Name(ours))}";
        return false;
    }

    private static bool TryReadProperty(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        var nameLength = rest[0];
        if (nameLength == 0 || rest.Length < 1 + nameLength + 4) return false;
        name = rest.Slice(1, nameLength);
        rest = rest[(1 + nameLength)..];
        var valueLength = BinaryPrimitives.ReadUInt32BigEndian(rest);
        rest = rest[4..];
        if (valueLength > (uint)rest.Length) return false;
        value = rest[..(int)valueLength];
        rest = rest[(int)valueLength..];
        return true;
    }

    // Property names are not case-sensitive (spec 23).
    private static bool NameEquals(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(name, lower);

    private static int Append(Span<byte> target, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target[at..]);
        return at + bytes.Length;
    }
}
