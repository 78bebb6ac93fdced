namespace Realtime.Models;

/// <summary>What the rig tells a decoder when it is loaded; all its memory is sized by this.</summary>
public sealed record DecoderOptions
{
    /// <summary>Distance of the windows it will be asked about, ns; 0 when unknown. Models that can carry work from window to window need it.</summary>
    public long HopNs { get; init; }

    /// <summary>Most spikes of one window that are decoded; of a fuller window the newest are, and the rest is counted.</summary>
    public int MaxWindowSpikes { get; init; } = 65_536;

    /// <summary>Threads that compute, the decode thread included: 1 or 2. The linear decoders use one.</summary>
    public int ComputeThreads { get; init; } = 1;

    /// <summary>Core of the second compute thread, or null to leave it to the system.</summary>
    public int? ComputeCpu { get; init; }
}
