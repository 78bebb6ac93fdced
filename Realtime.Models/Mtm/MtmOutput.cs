namespace Realtime.Models.Mtm;

/// <summary>What the plain network gives for a batch.</summary>
/// <param name="States">[samples, bins, hidden size], after the output norm: the latents.</param>
/// <param name="LogRates">[samples, bins, neurons], natural logarithm of spikes per bin.</param>
public sealed record MtmOutput(float[] States, float[] LogRates);
