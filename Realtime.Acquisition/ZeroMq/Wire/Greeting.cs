using System.Globalization;
using System.Text;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>The 64 bytes that open a ZMTP 3.0 connection (rfc.zeromq.org/spec/23, "Version Negotiation").</summary>
internal static class Greeting
{
    public const int Length = 64;

    private const int VersionAt = 10;
    private const int MechanismAt = 12;
    private const int MechanismLength = 20;

    /// <summary>How many received bytes an error message quotes.</summary>
    private const int QuotedBytes = 40;

    /// <summary>
    /// Ours: version 3.0, mechanism NULL. NB: 3.0 and not 3.1, so that subscriptions are messages (which every ZMTP 3 peer reads);
    /// libzmq 4.3.4 answers PING from a 3.0 peer all the same.
    /// </summary>
    public static void Write(Span<byte> target)
    {
        target[..Length].Clear();
        target[0] = 0xFF;
        target[9] = 0x7F;
        target[VersionAt] = 3;
        "NULL"u8.CopyTo(target[MechanismAt..]);
    }

    /// <summary>
    /// Looks at what has been received so far. True when it is a whole, acceptable greeting; an error as soon as it cannot become one.
    /// </summary>
    public static bool TryAccept(ReadOnlySpan<byte> received, out string? error)
    {
        error = null;
        if (received.Length == 0) return false;
        if (received[0] != 0xFF || (received.Length > 9 && (received[9] & 1) == 0))
        {
            error = NotZmtp(received);
            return false;
        }

        if (received.Length > VersionAt && received[VersionAt] < 3)
        {
            // The byte is a revision before ZMTP 3: 0 is ZMTP 1.0, 1 is ZMTP 2.0.
            error = $"speaks ZMTP {received[VersionAt] + 1}.0 (libzmq 3 or older); libzmq 4.0 or newer is needed there";
            return false;
        }

        if (received.Length < Length) return false;
        var mechanism = received.Slice(MechanismAt, MechanismLength);
        if (mechanism.StartsWith("NULL"u8) && mechanism[4..].IndexOfAnyExcept((byte)0) < 0) return true;
        error =
            $"wants the security mechanism {Quote(mechanism.TrimEnd((byte)0))}; only NULL (no security) is supported, switch it off there";
        return false;
    }

    /// <summary>Received bytes as a person can read them: text where it is text, otherwise hexadecimal.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        var shown = bytes[..Math.Min(bytes.Length, QuotedBytes)];
        var text = new StringBuilder();
        foreach (var b in shown)
        {
            if (b is >= 0x20 and < 0x7F) text.Append((char)b);
            else if (b == '\r') text.Append("\\r");
            else if (b == '\n') text.Append("\\n");
            else return Hexadecimal(shown, bytes.Length);
        }

        return $"'{text}{(bytes.Length > shown.Length ? "..." : "")}'";
    }

    private static string Hexadecimal(ReadOnlySpan<byte> shown, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(shown[..Math.Min(shown.Length, 16)])}{(length > 16
            ? "..."
            : "")} (hex)");

    private static string NotZmtp(ReadOnlySpan<byte> received)
    {
        if (received.Length >= 2 && received[0] == 1 && received[1] == 0)
        {
            return "speaks ZMTP 1.0 (libzmq 2); libzmq 4.0 or newer is needed there";
        }
        var kind = received.Length >= 2 && received[0] == 0x16 && received[1] == 3 ? " (a TLS handshake)" : "";
        return $"does not speak ZMTP: it sent {Quote(received)}{kind}; is another program on this port?";
    }
}
