using Realtime.Models.Differentiation;

namespace Realtime.Models.Training.Transformers;

/// <summary>Works off one part of a batch. One thread at a time.</summary>
/// <typeparam name="T">What a batch is made of.</typeparam>
public interface ITrainingShard<in T>
{
    /// <summary>Of the last <see cref="Run"/>.</summary>
    GradientSet Gradients { get; }

    /// <summary>The weighted parts of the last loss, in the order of <see cref="TrainerParts{T}.LossParts"/>; empty where it has none.</summary>
    IReadOnlyList<double> LossParts => [];

    /// <summary>Computes loss and gradients of some samples.</summary>
    /// <param name="samples">The part.</param>
    /// <param name="seed">Of dropout.</param>
    /// <param name="scale">One over the weight of the whole batch (<see cref="TrainerParts{T}.Weight"/>).</param>
    /// <returns>The loss's share of this part.</returns>
    double Run(IReadOnlyList<T> samples, ulong seed, double scale);
}
