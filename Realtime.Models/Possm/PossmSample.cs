namespace Realtime.Models.Possm;

/// <summary>A stretch of recording to be decoded at once.</summary>
public sealed record PossmSample
{
    /// <summary>Length, s: the window of training in the early revision, any length in the late one.</summary>
    public required double Length { get; init; }

    /// <summary>Row of the unit table of each spike.</summary>
    public required IReadOnlyList<int> SpikeRows { get; init; }

    /// <summary>Seconds from the sample's start, ascending.</summary>
    public required IReadOnlyList<double> SpikeTimes { get; init; }

    /// <summary>Row of the session table.</summary>
    public required int SessionRow { get; init; }

    /// <summary>In the order of the recording's readouts.</summary>
    public required IReadOnlyList<PossmQueries> Queries { get; init; }
}
