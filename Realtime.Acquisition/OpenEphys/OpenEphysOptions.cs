using Realtime.Engine.Threads;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>How to read one stream of the ZMQ Interface plugin.</summary>
public sealed class OpenEphysOptions
{
    /// <summary>Data port of the plugin; it moves up by 2 when it finds the port taken.</summary>
    public const int DefaultDataPort = 5556;

    /// <summary>The snippet of the GUI's spike detector: 8 samples before the peak, 32 from it on. A spike is sent in the block in which
    /// its snippet
    /// completes, so all spikes up to a block's end less this many samples have been sent when the block's continuous data are.</summary>
    public const int SnippetSamples = 40;

    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = DefaultDataPort;

    /// <summary>Name of the stream to read; null: the first one seen, other than <see cref="BehaviourStream"/>, for as long as the source
    /// lives.</summary>
    public string? Stream { get; init; }

    /// <summary>Stream whose continuous data are behaviour samples on the spikes' clock, as the replay server sends them; null:
    /// none.</summary>
    public string? BehaviourStream { get; init; } = "behaviour";

    /// <summary>Samples taken off a block's end to give the watermark.</summary>
    public int WatermarkSlackSamples { get; init; } = SnippetSamples;

    /// <summary>When set, spikes and TTL changes move the watermark too: to their sample less this many. For rigs that send no continuous
    /// channel; must cover a block and a snippet, as electrodes are not in order within a block (2 s of slack: 60000 at 30 kHz). Null:
    /// off.</summary>
    public int? EventWatermarkSlackSamples { get; init; }

    /// <summary>Write TTL changes of the stream into the ring.</summary>
    public bool ForwardTtl { get; init; } = true;

    /// <summary>Write spikes of units that the model does not know into the ring too, so that they can be recorded: their rows begin after the
    /// model's, in the order of appearance. The decode loop books them as unknown.</summary>
    public bool ForwardUnknown { get; init; }

    /// <summary>Poll the socket without sleeping: a core of its own for some tens of microseconds less.</summary>
    public bool Spin { get; init; }

    /// <summary>Set after each watermark and marker, so that a sleeping decode thread looks; null when it polls.</summary>
    public WakeSignal? Wake { get; init; }

    /// <summary>When the ring is full, wait for room instead of dropping. Only for a source that is not paced, such as a replay at speed 0.</summary>
    public bool WaitForRoom { get; init; }

    /// <summary>Called first on the receiving thread: pin it, raise its priority.</summary>
    public Action? OnThreadStart { get; init; }

    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public void Validate()
    {
        if (Port is < 1 or > 65535) throw new ArgumentException($"Open Ephys port {Port} is not from 1 to 65535.");
        if (string.IsNullOrWhiteSpace(Host))
            throw new ArgumentException("Open Ephys host is empty; give 127.0.0.1 when the GUI runs on this machine.");
        if (WatermarkSlackSamples < 0) throw new ArgumentException($"Watermark slack of {WatermarkSlackSamples} samples is negative.");
        if (EventWatermarkSlackSamples < 0)
            throw new ArgumentException($"Event watermark slack of {EventWatermarkSlackSamples} samples is negative.");
        if (Stream is not null && Stream == BehaviourStream)
            throw new ArgumentException($"Stream '{Stream}' cannot be both the spikes' and the behaviour stream.");
    }
}
