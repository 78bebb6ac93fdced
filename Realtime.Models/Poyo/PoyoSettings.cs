using Realtime.Models.Transformer;

namespace Realtime.Models.Poyo;

/// <summary>The settings of a model file of kind "poyo" (snake_case in JSON). Tensors carry upstream's names.</summary>
public sealed record PoyoSettings
{
    public required PoyoConfig HyperParameters { get; init; }

    /// <summary>Words of the unit table by row; row 0 is NA.</summary>
    public required IReadOnlyList<string> UnitVocab { get; init; }

    /// <summary>Words of the session table by row; row 0 is NA.</summary>
    public required IReadOnlyList<string> SessionVocab { get; init; }

    /// <summary>The word of <see cref="SessionVocab"/> that queries use.</summary>
    public required string Session { get; init; }

    /// <summary>Row of the unit table for each unit of the model file, in the order of its unit list. These units get delimiters.</summary>
    public required IReadOnlyList<int> UnitRows { get; init; }

    /// <summary>The moment that is asked about, s before the window's end: 0 is now.</summary>
    public double QueryLag { get; init; }

    /// <summary>What normalised outputs are multiplied with, one per output; empty for 1.</summary>
    public IReadOnlyList<double> OutputSd { get; init; } = [];

    /// <summary>What is added afterwards, one per output; empty for 0.</summary>
    public IReadOnlyList<double> OutputMean { get; init; } = [];

    /// <summary>The sessions it was trained on here; empty for other weights. <see cref="OutputSd"/> and <see cref="OutputMean"/> are those of <see cref="Session"/>.</summary>
    public IReadOnlyList<TrainedSession> Sessions { get; init; } = [];
}
