namespace Realtime.Host.Configuration;

/// <summary>One stream of spikes from an acquisition program.</summary>
public sealed record SourceConfig
{
    public string Name { get; init; } = "";

    public SourceType Type { get; init; } = SourceType.OpenEphysZmq;

    public string Host { get; init; } = "127.0.0.1";

    public int DataPort { get; init; } = 5556;

    /// <summary>As written: null = data port + 1, 0 = none. See <see cref="EffectiveHeartbeatPort"/>.</summary>
    public int? HeartbeatPort { get; init; }

    /// <summary>The data stream whose spikes are read; null = the first stream seen.</summary>
    public string? Stream { get; init; }

    /// <summary>Samples per second until a continuous header tells the true rate.</summary>
    public double SampleRateHz { get; init; } = 30000;

    /// <summary>Labelled stream with behaviour, as <c>rtdecode replay</c> adds it; null = none.</summary>
    public string? BehaviourStream { get; init; }

    /// <summary>Samples after a spike's peak until its snippet is complete and it is sent: the watermark trails by so many.</summary>
    public int WatermarkSlackSamples { get; init; } = 40;

    /// <summary>
    /// How far a spike's own time proves that time has passed when no continuous channel is sent, ms; null = it proves nothing.
    /// </summary>
    public double? EventWatermarkSlackMs { get; init; }

    /// <summary>Speed of the source's clock against real time; 0 = as fast as possible, with no lateness bound.</summary>
    public double ReplaySpeed { get; init; } = 1;

    /// <summary>Slots of the ring between the receiving and the decode thread; a power of two.</summary>
    public int RingCapacity { get; init; } = 65536;

    public WaitMode Receive { get; init; } = WaitMode.Blocking;

    /// <summary>The core that the receiving thread is pinned to, from 0; null = any.</summary>
    public int? Cpu { get; init; }

    /// <summary>The heartbeat port in use; null = no heartbeats are sent.</summary>
    public int? EffectiveHeartbeatPort => HeartbeatPort switch { null => DataPort + 1, 0 => null, var port => port };

    /// <summary><see cref="EventWatermarkSlackMs"/> in ns.</summary>
    public long? EventWatermarkSlackNs => EventWatermarkSlackMs is { } ms ? Milliseconds.ToNs(ms) : null;
}
