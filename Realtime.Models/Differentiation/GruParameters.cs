namespace Realtime.Models.Differentiation;

/// <summary>One layer of a GRU under PyTorch's names: weights [3 width, inputs] and [3 width, width], biases [3 width].</summary>
public sealed record GruParameters(Parameter InputWeight, Parameter HiddenWeight, Parameter InputBias, Parameter HiddenBias);
