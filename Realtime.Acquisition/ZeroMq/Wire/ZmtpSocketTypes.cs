namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>Names of the socket types, and which may talk to which (rfc.zeromq.org/spec/23, "Socket Type Property").</summary>
internal static class ZmtpSocketTypes
{
    private static readonly byte[][] Names = ["PUB"u8.ToArray(), "SUB"u8.ToArray(), "REQ"u8.ToArray(), "REP"u8.ToArray(),
        "PUSH"u8.ToArray(), "PULL"u8.ToArray()];

    /// <summary>The name on the wire.</summary>
    public static ReadOnlySpan<byte> Name(ZmtpSocketType type) => Names[(int)type];

    /// <summary>Whether a peer of that type may talk to us.</summary>
    public static bool Accepts(ZmtpSocketType ours, ReadOnlySpan<byte> theirs) => ours switch
    {
        ZmtpSocketType.Pub => theirs.SequenceEqual("SUB"u8) || theirs.SequenceEqual("XSUB"u8),
        ZmtpSocketType.Sub => theirs.SequenceEqual("PUB"u8) || theirs.SequenceEqual("XPUB"u8),
        ZmtpSocketType.Req => theirs.SequenceEqual("REP"u8) || theirs.SequenceEqual("ROUTER"u8),
        ZmtpSocketType.Rep => theirs.SequenceEqual("REQ"u8) || theirs.SequenceEqual("DEALER"u8),
        ZmtpSocketType.Push => theirs.SequenceEqual("PULL"u8),
        _ => theirs.SequenceEqual("PUSH"u8),
    };

    /// <summary>The types we accept, for messages.</summary>
    public static string Expected(ZmtpSocketType ours) => ours switch
    {
        ZmtpSocketType.Pub => "SUB or XSUB",
        ZmtpSocketType.Sub => "PUB or XPUB",
        ZmtpSocketType.Req => "REP or ROUTER",
        ZmtpSocketType.Rep => "REQ or DEALER",
        ZmtpSocketType.Push => "PULL",
        _ => "PUSH",
    };
}
