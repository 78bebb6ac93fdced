namespace Realtime.Acquisition.Replay;

/// <summary>How a session is served as a live ZMQ Interface plugin.</summary>
public sealed class ReplayOptions
{
    /// <summary>1: as recorded; 2: twice as fast; 0: as fast as the subscribers take it, losing nothing.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Session time at which to begin, s.</summary>
    public double FromSeconds { get; init; }

    /// <summary>Session time at which to end, s; null: the session's end.</summary>
    public double? ToSeconds { get; init; }

    /// <summary>Begin anew at the end, until stopped. Each round is a restart of acquisition: messages are numbered from 1 again.</summary>
    public bool Loop { get; init; }

    /// <summary>Length of a block, ms of data time. The GUI's default is about 23.</summary>
    public double BlockMs { get; init; } = 10;

    /// <summary>Stream name sent for all units; null: each unit's own, as in the session's unit table.</summary>
    public string? Stream { get; init; }

    /// <summary>Stream name of the behaviour samples; null: behaviour is not sent.</summary>
    public string? BehaviourStream { get; init; } = "behaviour";

    /// <summary>Continuous channels per stream. NB: with 0 a reader has no watermarks, and closes its ticks by the lateness bound
    /// alone.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>TTL line, from 0 to 63, that goes up where a segment of the session (a trial) begins and down where it ends; null: none is sent.</summary>
    public int? TrialLine { get; init; }

    /// <summary>True: spikes carry the peak alone, as the GUI's detector set to "peaks only" sends them; false: the whole snippet of 40
    /// samples.</summary>
    public bool PeaksOnly { get; init; }

    /// <summary>Sample number sent for the first sample; null: the session's own numbers.</summary>
    public long? StartSample { get; init; }

    /// <summary>Wall clock in the headers of sample 0, ms since 1970, so that two runs are byte-equal; null: the wall clock at the time
    /// of sending.</summary>
    public long? HeaderClockStartMs { get; init; }

    public string BindAddress { get; init; } = "127.0.0.1";

    /// <summary>0: any free port.</summary>
    public int DataPort { get; init; } = OpenEphys.OpenEphysOptions.DefaultDataPort;

    /// <summary>Null: data port + 1, as the plugin has it; 0: any free port.</summary>
    public int? HeartbeatPort { get; init; }

    /// <summary>Port that the session's video frames are published on (docs/frames.md), each at its moment; 0: any free port; null: frames are not sent. Not at
    /// speed 0, where nothing keeps frames and spikes together.</summary>
    public int? FramesPort { get; init; }

    /// <summary>Subscribers to wait for before the first block; with frames, as many for them too.</summary>
    public int WaitForSubscribers { get; init; }

    /// <summary>Time between the last awaited subscriber and the first block, ms.</summary>
    public int SettleMs { get; init; }

    /// <summary>Messages a subscriber may be behind before it loses some, at any speed but 0. The plugin has 1000, which a reader that
    /// pauses for 50 ms of 384 channels overruns; a test server had better not lose by itself.</summary>
    public int HighWaterMark { get; init; } = 1 << 17;

    /// <summary>Longest wait at the end for subscribers to take what is queued, ms.</summary>
    public int LingerMs { get; init; } = 5000;

    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public void Validate()
    {
        if (!(Speed >= 0 && double.IsFinite(Speed)))
            throw new ArgumentException($"Replay speed {Speed} must be 0 (as fast as possible) or more.");
        if (!(FromSeconds >= 0 && double.IsFinite(FromSeconds)))
            throw new ArgumentException($"Replay start of {FromSeconds} s must be 0 or more.");
        if (ToSeconds is { } to && !(to > FromSeconds && double.IsFinite(to)))
            throw new ArgumentException($"Replay end of {to} s must lie after its start of {FromSeconds} s.");
        if (!(BlockMs is > 0 and <= 1000))
            throw new ArgumentException($"Replay blocks of {BlockMs} ms must be above 0 and at most 1000 ms.");
        if (Channels is < 0 or > 384) throw new ArgumentException($"{Channels} continuous channels: from 0 to 384 can be sent.");
        if (TrialLine is < 0 or > 63) throw new ArgumentException($"Trial line {TrialLine} is not from 0 to 63.");
        CheckPort(DataPort, "data");
        CheckPort(HeartbeatPort ?? 0, "heartbeat");
        CheckPort(FramesPort ?? 0, "frames");
        if (FramesPort is not null && Speed == 0)
            throw new ArgumentException("Replay speed 0 with frames: they travel on a connection of their own, and at no set speed they would not keep up with the spikes. Choose a speed above 0.");
        if (WaitForSubscribers < 0) throw new ArgumentException($"Cannot wait for {WaitForSubscribers} subscribers.");
        if (SettleMs < 0) throw new ArgumentException($"Settling time of {SettleMs} ms is negative.");
        if (LingerMs < 0) throw new ArgumentException($"Lingering time of {LingerMs} ms is negative.");
        if (HighWaterMark < 1) throw new ArgumentException($"High-water mark of {HighWaterMark} messages must be 1 or more.");
    }

    private static void CheckPort(int port, string which)
    {
        if (port is < 0 or > 65535) throw new ArgumentException($"Replay {which} port {port} is not from 0 (any free one) to 65535.");
    }
}
