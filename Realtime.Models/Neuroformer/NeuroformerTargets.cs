namespace Realtime.Models.Neuroformer;

/// <summary>The next id and dt token of each position of a window, each [T]; PAD counts nothing.</summary>
public sealed record NeuroformerTargets(int[] Ids, int[] Times);
