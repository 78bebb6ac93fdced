namespace Realtime.Acquisition.Recordings;

/// <summary>Names of the files of a session folder; docs/session-layout.md describes them.</summary>
public static class SessionFiles
{
    public const string SpikeTimes = "spikes.times.npy";
    public const string SpikeClusters = "spikes.clusters.npy";
    public const string BehaviourTimes = "behaviour.times.npy";
    public const string BehaviourValues = "behaviour.values.npy";
    public const string FrameTimes = "frames.times.npy";
    public const string FrameValues = "frames.values.npy";

    /// <summary>Where a run was recorded: from when its decoder had each frame.</summary>
    public const string FrameArrivals = "frames.arrivals.npy";
    public const string Meta = "meta.json";

    /// <summary>Start and end of each trial, seconds [trials, 2]; stands in for meta.json's segments where that has none.</summary>
    public const string TrialIntervals = "trials.intervals.npy";

    /// <summary>What the simulator knows about its units; absent from recordings.</summary>
    public const string Truth = "truth.json";
}
