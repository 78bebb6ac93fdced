using Realtime.Models.Differentiation;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Transformers;

/// <summary>Works off one part of a batch. One thread at a time.</summary>
public interface ITrainingShard
{
    /// <summary>Of the last <see cref="Run"/>.</summary>
    GradientSet Gradients { get; }

    /// <summary>Computes loss and gradients of some windows.</summary>
    /// <param name="windows">The part.</param>
    /// <param name="seed">Of dropout.</param>
    /// <param name="scale">One over the sum of the weights of all known queries of the whole batch.</param>
    /// <returns>The loss's share of this part.</returns>
    double Run(IReadOnlyList<TrainingWindow> windows, ulong seed, double scale);
}
