using Realtime.Models.Differentiation;
using Realtime.Models.Weights;

namespace Realtime.Models.Optimization;

/// <summary>Changes parameters by their gradients. Frozen ones, and row 0 of row tables, stay. One thread.</summary>
public interface IOptimizer
{
    /// <param name="gradients">Of the whole batch, clipped.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="beta1">Decay of the first moment in this step.</param>
    void Step(GradientSet gradients, double learningRate, double beta1);

    /// <summary>Moments and counts, as tensors that a checkpoint keeps.</summary>
    IReadOnlyList<TensorData> Save();

    /// <summary>Goes on where <see cref="Save"/> was called.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing or of another shape.</exception>
    void Restore(WeightReader state);
}
