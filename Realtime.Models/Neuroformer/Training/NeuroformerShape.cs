namespace Realtime.Models.Neuroformer.Training;

/// <summary>The shape of a model to be trained; neurons, time bins and targets come from the sessions. Keys are those of <see cref="NeuroformerConfig"/>.</summary>
public sealed record NeuroformerShape
{
    public int NEmbd { get; init; } = 32;

    public int NHead { get; init; } = 2;

    /// <summary>Tokens of the current window; 0 to size it to the training data.</summary>
    public int BlockId { get; init; }

    /// <summary>Tokens of the past window; 0 to size it to the training data.</summary>
    public int BlockPrevId { get; init; }

    public int StateLayers { get; init; } = 1;

    public int HistoryLayers { get; init; } = 2;

    public bool PosEmb { get; init; } = true;

    public bool WaveEmb { get; init; }

    /// <summary>"id" and "eos", or empty for no contrastive loss; sessions hold no frames to compare with.</summary>
    public IReadOnlyList<string> ContrastiveVars { get; init; } = [];

    public double ClipTemp { get; init; } = 0.5;

    /// <summary>s.</summary>
    public double ResolutionDt { get; init; } = 0.01;

    /// <summary>s.</summary>
    public double WindowCurr { get; init; } = 0.05;

    /// <summary>s.</summary>
    public double WindowPrev { get; init; } = 0.45;
}
