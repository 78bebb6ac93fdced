namespace Realtime.Models.Neuroformer;

/// <summary>A window whose spikes are to be generated.</summary>
public sealed record NeuroformerGenerationWindow
{
    /// <summary>Bin of the current interval's start, counted from anywhere, the same for all windows of a run.</summary>
    public required long FirstBin { get; init; }

    /// <summary>The true spikes of the current interval, bins from its start, in the order of tokens. Generation reads no more of them than behaviour before it does.</summary>
    public required IReadOnlyList<NeuroformerSpike> Current { get; init; }

    /// <summary>The true spikes of the past interval, bins from its start, in the order of tokens.</summary>
    public required IReadOnlyList<NeuroformerSpike> Past { get; init; }

    /// <summary>[frames, height, width]; null without frames.</summary>
    public float[]? Frames { get; init; }

    /// <summary>By group and variable, dt in seconds of the inputs that are there; empty for none.</summary>
    public IReadOnlyList<IReadOnlyList<double?>> Inputs { get; init; } = [];
}
