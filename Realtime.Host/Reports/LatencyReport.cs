using System.Text.Json.Serialization;

namespace Realtime.Host.Reports;

/// <summary>Where an answer's time went, microseconds of host time. A stage that was not measured is left out.</summary>
public sealed record LatencyReport
{
    /// <summary>From a message's last byte to its spikes lying in the ring.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PercentilesReport? ArrivalToRing { get; init; }

    /// <summary>From a tick being due to its window being closed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PercentilesReport? RingToClose { get; init; }

    /// <summary>The decoder's own time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PercentilesReport? Decode { get; init; }

    /// <summary>From the decoder's answer to the message being handed to the socket.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PercentilesReport? Send { get; init; }

    /// <summary>From a tick being due to its answer being sent, counted open-loop.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PercentilesReport? Total { get; init; }
}
