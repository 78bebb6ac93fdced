namespace Realtime.Host.Reports;

/// <summary>What <c>run --record</c> wrote. Spikes that the decoder was offered = spikes + outside_spikes + lost_spikes, and so with video frames.</summary>
public sealed record RecordingReport
{
    /// <summary>Session folders, in order; a restart of the source begins another one.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Spikes that lie in the sessions.</summary>
    public long Spikes { get; init; }

    /// <summary>Spikes before the first or after the last answered tick of their session, left out.</summary>
    public long OutsideSpikes { get; init; }

    /// <summary>Spikes that should be in the sessions and are not: the disk was too slow, or full.</summary>
    public long LostSpikes { get; init; }

    /// <summary>Behaviour rows that lie in the sessions.</summary>
    public long BehaviourRows { get; init; }

    /// <summary>Behaviour values that could not be put into a row.</summary>
    public long LostBehaviourValues { get; init; }

    /// <summary>Video frames that lie in the sessions.</summary>
    public long Frames { get; init; }

    /// <summary>Video frames too long before the first or after the last answered tick of their session, left out.</summary>
    public long OutsideFrames { get; init; }

    /// <summary>Video frames that should be in the sessions and are not: the disk was too slow, or full, or their pixels did not fit the file.</summary>
    public long LostFrames { get; init; }

    /// <summary>What ended the recording before the run's end; empty where nothing did.</summary>
    public string Failure { get; init; } = "";
}
