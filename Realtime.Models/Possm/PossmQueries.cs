namespace Realtime.Models.Possm;

/// <summary>Moments that are asked about.</summary>
/// <param name="TaskId">The task, from 1.</param>
/// <param name="Times">Seconds from the sample's start.</param>
public sealed record PossmQueries(int TaskId, IReadOnlyList<double> Times);
