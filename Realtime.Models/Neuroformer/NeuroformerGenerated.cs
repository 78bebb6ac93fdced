namespace Realtime.Models.Neuroformer;

/// <summary>What was generated for one window.</summary>
public sealed record NeuroformerGenerated
{
    /// <summary>The window with the past that was used, and the true current spikes.</summary>
    public required NeuroformerWindow Window { get; init; }

    /// <summary>The network's output for that window before anything was generated.</summary>
    public required NeuroformerOutput Before { get; init; }

    /// <summary>Chosen id tokens; the last is EOS or PAD where the window stopped by itself.</summary>
    public required int[] Ids { get; init; }

    /// <summary>Chosen dt tokens, one per id. Id and dt of a place are chosen from the same position, neither knowing the other.</summary>
    public required int[] Times { get; init; }

    /// <summary>[tokens, N + 3], before filtering.</summary>
    public required float[] IdLogits { get; init; }

    /// <summary>[tokens, D], before filtering.</summary>
    public required float[] DtLogits { get; init; }

    /// <summary>
    /// What upstream records: neuron and dt token of each choice but a closing one. NB: for SOS, which does not stop, upstream records the neuron
    /// before it again; dt tokens may be SOS, EOS or PAD.
    /// </summary>
    public required IReadOnlyList<(int Neuron, int Time)> Recorded { get; init; }

    /// <summary>Generated spikes in the order of tokens, bins from the window's start; a dt that is no bin of the window counts as its last bin.</summary>
    public required IReadOnlyList<NeuroformerSpike> Spikes { get; init; }

    /// <summary>Generated spikes whose dt was no bin of the window.</summary>
    public required int OutsideWindow { get; init; }
}
