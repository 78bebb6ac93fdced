using Realtime.Models.Transformer;

namespace Realtime.Models.Possm;

/// <summary>The settings of a model file of kind "possm" (snake_case in JSON). Tensors carry upstream's names.</summary>
public sealed record PossmSettings
{
    public required PossmConfig HyperParameters { get; init; }

    /// <summary>Words of the unit table by row; row 0 is NA.</summary>
    public required IReadOnlyList<string> UnitVocab { get; init; }

    /// <summary>Words of the session table by row; row 0 is NA.</summary>
    public required IReadOnlyList<string> SessionVocab { get; init; }

    /// <summary>The word of <see cref="SessionVocab"/> that queries use.</summary>
    public required string Session { get; init; }

    /// <summary>Row of the unit table for each unit of the model file, in the order of its unit list.</summary>
    public required IReadOnlyList<int> UnitRows { get; init; }

    /// <summary>Readout tasks in the order of their ids, which start at 1.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>The task that is decoded.</summary>
    public required string Task { get; init; }

    /// <summary>
    /// Blank tokens: 0 for the strict mask (one blank in an empty chunk, none elsewhere); m for weights trained with visible blanks, where
    /// every chunk is filled up to m tokens.
    /// </summary>
    public int VisibleTokens { get; init; }

    /// <summary>The moment that is asked about, s before the chunk's end, below the chunk's length: 0 is now.</summary>
    public double QueryLag { get; init; }

    /// <summary>Chunks after which the state starts again from zero; 0 for never.</summary>
    public int ResetEveryChunks { get; init; }

    /// <summary>Whether a gap in the data starts the state again from zero. A restart of the source always does.</summary>
    public bool ResetOnGap { get; init; } = true;

    /// <summary>What normalised outputs are multiplied with, one per output; empty for 1.</summary>
    public IReadOnlyList<double> OutputSd { get; init; } = [];

    /// <summary>What is added afterwards, one per output; empty for 0.</summary>
    public IReadOnlyList<double> OutputMean { get; init; } = [];

    /// <summary>The sessions it was trained on here; empty for other weights. <see cref="OutputSd"/> and <see cref="OutputMean"/> are those of <see cref="Session"/>.</summary>
    public IReadOnlyList<TrainedSession> Sessions { get; init; } = [];
}
