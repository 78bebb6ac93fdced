namespace Realtime.Models.Mtm;

/// <summary>A recording that an MtM model knows.</summary>
public sealed record MtmSession
{
    /// <summary>The recording's id (upstream: eid).</summary>
    public required string Word { get; init; }

    /// <summary>Row of the session table.</summary>
    public required int Row { get; init; }

    /// <summary>Names the recording's stitcher and head. NB: upstream keys them by the number of neurons, so two recordings of equal size share them.</summary>
    public required string Stitcher { get; init; }

    public required int Neurons { get; init; }

    /// <summary>Region of each neuron; empty where unknown.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>What the network was shown in place of a hidden count, one per neuron, roots where <see cref="MtmSettings.RootCounts"/>; empty for zeros, as upstream.</summary>
    public IReadOnlyList<float> HiddenCounts { get; init; } = [];
}
