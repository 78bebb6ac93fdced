using Realtime.Models.Weights;

namespace Realtime.Models.Training.Transformers;

/// <summary>What came of a training.</summary>
public sealed record TrainerResult
{
    public required TrainerStop Stop { get; init; }

    /// <summary>One sentence for the user: why it ended, and what to do next where something went wrong.</summary>
    public required string Reason { get; init; }

    /// <summary>The tensors of a model file; null when it ended before any weights were scored.</summary>
    public required IReadOnlyList<TensorData>? Tensors { get; init; }

    /// <summary>Whether the tensors were fitted on the validation intervals as well, and their score was taken before that.</summary>
    public bool IsRefitted { get; init; }

    /// <summary>Epoch of the best validation score, from 1; 0 when nothing could be scored.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>NaN when nothing could be scored.</summary>
    public required double BestScore { get; init; }

    /// <summary>Windows seen in all phases.</summary>
    public required long Windows { get; init; }

    public required IReadOnlyList<CurvePoint> Curve { get; init; }
}
