namespace Realtime.Acquisition.ZeroMq;

/// <summary>Limits and times of a ZeroMQ socket. Everything a peer can make us hold or wait for has a bound here.</summary>
public sealed record ZmtpOptions
{
    /// <summary>The defaults.</summary>
    public static readonly ZmtpOptions Default = new();

    /// <summary>
    /// Largest frame taken or sent, bytes. 1 MiB: an Open Ephys continuous frame is tens of kB, a spike frame well under 1 kB.
    /// </summary>
    public int MaxFrameBytes { get; init; } = 1 << 20;

    /// <summary>Most frames in one message. 16: the known rig protocols use 1 to 3, a routed request adds its envelope.</summary>
    public int MaxFrames { get; init; } = 16;

    /// <summary>Most payload bytes in one message. 2 MiB: two frames of the largest size; the receive buffer is this large.</summary>
    public int MaxMessageBytes { get; init; } = 2 << 20;

    /// <summary>A peer must have finished the greeting and READY within this, ms. 5 s: a loaded rig PC answers in under 1 s.</summary>
    public int HandshakeTimeoutMs { get; init; } = 5_000;

    /// <summary>
    /// First wait before connecting again, ms. 100: the interval libzmq uses, short against restarting an acquisition program.
    /// </summary>
    public int ReconnectMinMs { get; init; } = 100;

    /// <summary>
    /// Longest wait before connecting again, ms. 2 s: a program that comes back is found within about 2 s, without a storm of SYNs.
    /// </summary>
    public int ReconnectMaxMs { get; init; } = 2_000;

    /// <summary>
    /// A PING goes out this often, ms; 0 sends none. 1 s: cheap (one 9-byte frame), and finds a dead link within the timeout.
    /// </summary>
    public int HeartbeatIntervalMs { get; init; } = 1_000;

    /// <summary>
    /// A peer that has answered a PING before and is silent this long is taken for dead, ms. 5 s: longer than a laptop's Wi-Fi roam or a
    /// garbage collection. A peer that has never answered a PING is never closed for silence.
    /// </summary>
    public int HeartbeatTimeoutMs { get; init; } = 5_000;

    /// <summary>Most messages that wait for one slow peer. 1000: libzmq's own default, seconds of decoder answers.</summary>
    public int HighWaterMark { get; init; } = 1_000;

    /// <summary>Most bytes that wait for one slow peer; taken from memory once for each peer. 4 MiB: 1000 messages of 4 kB.</summary>
    public int PeerQueueBytes { get; init; } = 4 << 20;

    /// <summary>What happens at the high-water mark.</summary>
    public OverflowPolicy Overflow { get; init; } = OverflowPolicy.Drop;

    /// <summary>
    /// A peer that takes no byte of its waiting queue for this long is closed, ms; 0 never closes it. 60 s: longer than anyone pauses a
    /// subscriber in a debugger by accident, short against the quarter of an hour after which TCP gives up.
    /// </summary>
    public int StalledPeerTimeoutMs { get; init; } = 60_000;

    /// <summary>
    /// Receives poll the socket in a loop instead of sleeping in the kernel: takes a whole core, saves the wake-up (10-20 us).
    /// </summary>
    public bool Spin { get; init; }

    /// <summary>Size of the kernel's receive buffer, bytes; 0 leaves it to the system, which grows it as needed.</summary>
    public int ReceiveBufferBytes { get; init; }

    /// <summary>Size of the kernel's send buffer, bytes; 0 leaves it to the system.</summary>
    public int SendBufferBytes { get; init; }

    /// <summary>Most peers of a listening socket. 64: several times the sinks of any rig, and it bounds memory and sockets.</summary>
    public int MaxPeers { get; init; } = 64;

    /// <summary>Most different prefixes that one peer may subscribe to. 256: every message is compared with each of them.</summary>
    public int MaxSubscriptionsPerPeer { get; init; } = 256;

    /// <summary>Throws if a value is out of range, naming it and the range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public void Validate()
    {
        // 1 GiB keeps every sum of sizes inside an int.
        const int largest = 1 << 30;
        Check(MaxFrameBytes, 1, largest, nameof(MaxFrameBytes));
        Check(MaxFrames, 1, ZmtpMessage.FrameCapacity, nameof(MaxFrames));
        Check(MaxMessageBytes, MaxFrameBytes, largest, nameof(MaxMessageBytes));
        Check(HandshakeTimeoutMs, 1, int.MaxValue, nameof(HandshakeTimeoutMs));
        Check(ReconnectMinMs, 1, int.MaxValue / 2, nameof(ReconnectMinMs));
        Check(ReconnectMaxMs, ReconnectMinMs, int.MaxValue / 2, nameof(ReconnectMaxMs));
        Check(HeartbeatIntervalMs, 0, int.MaxValue, nameof(HeartbeatIntervalMs));
        Check(HeartbeatTimeoutMs, HeartbeatIntervalMs, int.MaxValue, nameof(HeartbeatTimeoutMs));
        Check(HighWaterMark, 1, 1 << 24, nameof(HighWaterMark));
        Check(PeerQueueBytes, MaxMessageBytes, largest, nameof(PeerQueueBytes));
        Check(StalledPeerTimeoutMs, 0, int.MaxValue, nameof(StalledPeerTimeoutMs));
        Check(ReceiveBufferBytes, 0, largest, nameof(ReceiveBufferBytes));
        Check(SendBufferBytes, 0, largest, nameof(SendBufferBytes));
        Check(MaxPeers, 1, 10_000, nameof(MaxPeers));
        Check(MaxSubscriptionsPerPeer, 1, 100_000, nameof(MaxSubscriptionsPerPeer));
    }

    private static void Check(int value, int least, int most, string name)
    {
        if (value < least || value > most) throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to {most}.");
    }
}
