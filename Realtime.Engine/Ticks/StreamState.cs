using Realtime.Engine.Events;
using Realtime.Engine.Time;

namespace Realtime.Engine.Ticks;

/// <summary>What the decode loop knows of one stream in the current epoch. Data times are those of the reference stream.</summary>
internal sealed class StreamState(int index, StreamInput input, SampleTimeline timeline, SampleClockFit fit, int batch)
{
    public const long Unknown = long.MinValue;

    /// <summary>Its place among the loop's streams.</summary>
    public readonly int Index = index;

    public readonly StreamInput Input = input;
    public readonly SampleTimeline Timeline = timeline;
    public readonly SampleClockFit Fit = fit;

    /// <summary>Events taken from the ring and not handled yet.</summary>
    public readonly SpikeEvent[] Batch = new SpikeEvent[batch];
    public int BatchCount;
    public int BatchNext;

    /// <summary>All spikes before it have been delivered.</summary>
    public long WatermarkNs = Unknown;

    /// <summary>The newest data time that any message has proved.</summary>
    public long ProgressNs = Unknown;

    /// <summary>Where the data of this epoch begin.</summary>
    public long CoverageNs = Unknown;

    /// <summary>Host time of the last watermark.</summary>
    public long WatermarkArrivalNs;

    /// <summary>Host time of the first of the spikes that agree on the stream's clock, while it has sent no watermark.</summary>
    public long FirstSpikeArrivalNs = Unknown;

    /// <summary>That spike's time on the stream's own timeline.</summary>
    public long FirstSpikeNs;

    /// <summary>The last place where messages are known to be missing.</summary>
    public long LossNs = Unknown;

    /// <summary>A loss whose end is known only once the next message tells where the stream stands.</summary>
    public bool LossOpen;

    public bool HasBatch => BatchNext < BatchCount;

    public void Forget()
    {
        WatermarkNs = ProgressNs = CoverageNs = LossNs = FirstSpikeArrivalNs = Unknown;
        LossOpen = false;
    }
}
