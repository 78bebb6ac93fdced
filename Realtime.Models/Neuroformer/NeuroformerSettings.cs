namespace Realtime.Models.Neuroformer;

/// <summary>The settings of a model file of kind "neuroformer" (snake_case in JSON). Tensors carry upstream's names.</summary>
public sealed record NeuroformerSettings
{
    /// <summary>The group that trained models have.</summary>
    internal const string DefaultGroup = "behavior";

    public required NeuroformerConfig HyperParameters { get; init; }

    /// <summary>Id token of each unit of the model file, in the order of its unit list.</summary>
    public required IReadOnlyList<int> UnitTokens { get; init; }

    /// <summary>Words of all neurons by id token, "SESSION/UNIT", so that training can go on with them; empty where nobody knows.</summary>
    public IReadOnlyList<string> UnitVocab { get; init; } = [];

    /// <summary>The group whose targets are the outputs, in the order of its targets.</summary>
    public string Group { get; init; } = DefaultGroup;

    /// <summary>
    /// The moment an answer is about, s before the window's end. Upstream's label stands at the current window's start (0.05) with one frame of look-ahead; models trained here have 0.
    /// </summary>
    public double LabelLag { get; init; }

    /// <summary>Frames after the window's end that belong to it: upstream's models were trained with 1, which a live rig does not have; live, the newest one stands for it.</summary>
    public int FrameLookAhead { get; init; }

    /// <summary>Factor of every pixel of a frame, after that of the rig config.</summary>
    public double FrameScale { get; init; } = 1;

    /// <summary>How long a frame stands for frames that do not come, s: with older ones a window has no frames. Null for two periods of the model's frame rate.</summary>
    public double? FrameHold { get; init; }

    /// <summary>
    /// Whether a window without frames is answered, by leaving out the blocks that attend them. Only for models that were trained so: else
    /// such a window has no valid answer.
    /// </summary>
    public bool FramesOptional { get; init; }

    /// <summary>What normalised outputs are multiplied with, one per output; empty for 1.</summary>
    public IReadOnlyList<double> OutputSd { get; init; } = [];

    /// <summary>What is added afterwards, one per output; empty for 0.</summary>
    public IReadOnlyList<double> OutputMean { get; init; } = [];
}
