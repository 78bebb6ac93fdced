using Realtime.Models.Weights;

namespace Realtime.Models.Possm;

/// <summary>
/// One layer of a GRU: Input [3 width, inputs], Hidden [3 width, width] and their biases [3 width], thirds in the order reset, update, new.
/// </summary>
public sealed record GruLayerWeights(float[] Input, float[] InputBias, float[] Hidden, float[] HiddenBias, int Inputs, int Width)
{
    /// <summary>Reads layer INDEX of PREFIX under PyTorch's names.</summary>
    public static GruLayerWeights Read(WeightReader weights, string prefix, int index, int inputs, int width) => new(
        weights.Floats($"{prefix}.weight_ih_l{index}", 3L * width, inputs),
        weights.Floats($"{prefix}.bias_ih_l{index}", 3L * width),
        weights.Floats($"{prefix}.weight_hh_l{index}", 3L * width, width),
        weights.Floats($"{prefix}.bias_hh_l{index}", 3L * width),
        inputs,
        width);
}
