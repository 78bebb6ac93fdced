namespace Realtime.Engine.Events;

/// <summary>What a <see cref="SpikeEvent"/> carries. Markers travel in order with the spikes of their stream.</summary>
public enum EventKind : byte
{
    /// <summary>A spike: <see cref="SpikeEvent.Unit"/> is the dense unit row.</summary>
    Spike = 0,

    /// <summary>All spikes before <see cref="SpikeEvent.Sample"/> have been delivered, as far as the source can tell.
    /// <see cref="SpikeEvent.Unit"/> is the slack in samples that was subtracted from the sample number seen, so Sample + Unit is what arrived.</summary>
    Watermark = 1,

    /// <summary>The source began anew; sample numbers from here on belong to the next epoch.</summary>
    Restart = 2,

    /// <summary>Messages were lost upstream: <see cref="SpikeEvent.Unit"/> is their number (saturated).</summary>
    Loss = 3,

    /// <summary>A TTL change: <see cref="SpikeEvent.Unit"/> is 2 × line + state, lines counted from 0.</summary>
    Ttl = 4,
}
