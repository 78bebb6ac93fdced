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

    /// <summary>How video frames are read; null for spikes alone.</summary>
    public NeuroformerFrameShape? Frames { get; init; }

    /// <summary>Blocks of the frame encoder, and as many that attend its result; of no effect without frames.</summary>
    public int StimulusLayers { get; init; } = 1;

    /// <summary>Whether frame tokens pass through the encoder.</summary>
    public bool VitEncoder { get; init; } = true;

    /// <summary>Blocks that attend input variables; of no effect without inputs.</summary>
    public int ModalityLayers { get; init; } = 1;

    /// <summary>What the contrastive loss compares, every two of them: "id", "eos", "frames", or "behavior.NAME" of an input; empty for no such loss.</summary>
    public IReadOnlyList<string> ContrastiveVars { get; init; } = [];

    public double ClipTemp { get; init; } = 0.5;

    /// <summary>s.</summary>
    public double ResolutionDt { get; init; } = 0.01;

    /// <summary>s.</summary>
    public double WindowCurr { get; init; } = 0.05;

    /// <summary>s.</summary>
    public double WindowPrev { get; init; } = 0.45;
}
