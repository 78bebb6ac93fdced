namespace Realtime.Models.Neuroformer;

/// <summary>The tokens of one window, as the network takes them. Times are float token indices, not seconds.</summary>
public sealed record NeuroformerWindow
{
    /// <summary>[T].</summary>
    public required int[] Ids { get; init; }

    /// <summary>[T].</summary>
    public required float[] Times { get; init; }

    /// <summary>T + 1 less the spikes kept, SOS and EOS; EOS stands at position T - Pad.</summary>
    public required int Pad { get; init; }

    /// <summary>[P].</summary>
    public required int[] PastIds { get; init; }

    /// <summary>[P].</summary>
    public required float[] PastTimes { get; init; }

    /// <summary>Spikes of the current window that did not fit.</summary>
    public int Cut { get; init; }

    /// <summary>[frames, height, width]; null without frames.</summary>
    public float[]? Frames { get; init; }

    /// <summary>By group and variable, whether the input is present, and its dt in seconds; null where absent. NB: its value cannot matter.</summary>
    public IReadOnlyList<IReadOnlyList<double?>> Inputs { get; init; } = [];
}
