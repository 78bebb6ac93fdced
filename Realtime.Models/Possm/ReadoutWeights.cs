using Realtime.Models.Weights;

namespace Realtime.Models.Possm;

/// <summary>The last linear map of one task: Weight [outputs, dim], Bias [outputs].</summary>
public sealed record ReadoutWeights(float[] Weight, float[] Bias)
{
    public int Outputs => Bias.Length;

    /// <summary>Reads PREFIX.weight and PREFIX.bias.</summary>
    public static ReadoutWeights Read(WeightReader weights, string prefix, int dim)
    {
        var outputs = weights.Axis($"{prefix}.weight", 0);
        return new(weights.Floats($"{prefix}.weight", outputs, dim), weights.Floats($"{prefix}.bias", outputs));
    }
}
