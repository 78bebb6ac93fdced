namespace Realtime.Models.Transformer;

/// <summary>x → Down gelu(Up x), exact erf.</summary>
public sealed record GeluFeedForwardWeights(LinearWeights Up, LinearWeights Down);
