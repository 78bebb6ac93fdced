namespace Realtime.Models.Neuroformer;

/// <summary>Columns of a matrix of counts, neurons by time bins, that a window reads: the past from PastFirst, the current window from First, up to but without End.</summary>
public readonly record struct NeuroformerColumns(int PastFirst, int First, int End);
