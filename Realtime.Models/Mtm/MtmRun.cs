namespace Realtime.Models.Mtm;

/// <summary>One run of a golden folder: the model as the run has it, and what it was given.</summary>
/// <param name="Name">Beginning of the names of its tensors.</param>
/// <param name="Weights">With the run's overrides, for its recording.</param>
/// <param name="Batch">What the network was fed.</param>
/// <param name="Counts">[samples, bins, neurons], before masking.</param>
/// <param name="Scored">[samples, bins, neurons].</param>
internal sealed record MtmRun(string Name, MtmWeights Weights, MtmBatch Batch, float[] Counts, bool[] Scored);
