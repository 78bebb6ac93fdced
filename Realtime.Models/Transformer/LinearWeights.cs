using Realtime.Models.Weights;

namespace Realtime.Models.Transformer;

/// <summary>A linear map: Weight [outputs, inputs], Bias [outputs] or empty for none.</summary>
public sealed record LinearWeights(float[] Weight, float[] Bias, int Outputs, int Inputs)
{
    /// <summary>Reads PREFIX.weight and, unless told otherwise, PREFIX.bias.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing or of another shape.</exception>
    public static LinearWeights Read(WeightReader weights, string prefix, int outputs, int inputs, bool bias = true) => new(
        weights.Floats($"{prefix}.weight", outputs, inputs), bias ? weights.Floats($"{prefix}.bias", outputs) : [], outputs, inputs);
}
