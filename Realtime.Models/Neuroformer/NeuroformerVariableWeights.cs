using Realtime.Models.Transformer;

namespace Realtime.Models.Neuroformer;

/// <summary>The tensors of one modality variable. As an input: LayerNorm of one number, two maps without bias; as a target: its head.</summary>
/// <param name="NormBias">The layer norm's bias, which is all that a single number leaves of itself.</param>
/// <param name="Up">[2, 1].</param>
/// <param name="Down">[C, 2].</param>
/// <param name="Head">[1, C] with bias for regression, [classes, C] without for classes; null for inputs.</param>
public sealed record NeuroformerVariableWeights(float NormBias, LinearWeights Up, LinearWeights Down, LinearWeights? Head);
