namespace Realtime.Models.Mtm;

/// <summary>
/// The shape of an MtM model on the NDT1-stitch backbone, under upstream's names. Defaults are the published ones.
/// Source: Zhang et al. 2024 (arXiv 2407.14668); github.com/colehurwitz/IBL_foundation_model, src/models/ndt1.py.
/// </summary>
public sealed record MtmConfig
{
    /// <summary>Whether each recording has stitchers of its own; else the network takes NChannels neurons as they are.</summary>
    public bool Stitching { get; init; } = true;

    /// <summary>Width after the stitcher.</summary>
    public int NChannels { get; init; } = 668;

    /// <summary>The embedding is NChannels × Mult wide.</summary>
    public int Mult { get; init; } = 2;

    /// <summary>Rows of the position table, or of the rotary one with the prefix: most bins of a trial.</summary>
    public int MaxF { get; init; } = 100;

    /// <summary>Learned positions.</summary>
    public bool Pos { get; init; } = true;

    public double EmbedScale { get; init; } = 1;

    public bool UsePrompt { get; init; } = true;

    public bool UseSession { get; init; } = true;

    /// <summary>Rows of the session table.</summary>
    public int NSessions { get; init; } = 40;

    public int NLayers { get; init; } = 5;

    public int HiddenSize { get; init; } = 512;

    public int NHeads { get; init; } = 8;

    public int InterSize { get; init; } = 1024;

    /// <summary>Rotary positions, meant without <see cref="Pos"/>.</summary>
    public bool UseRope { get; init; }

    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Width of the embedding.</summary>
    public int EmbedSize => NChannels * Mult;

    public int HeadDim => HiddenSize / NHeads;

    /// <summary>Rows before the first bin: session, then prompt.</summary>
    public int Prefix => (UseSession ? 1 : 0) + (UsePrompt ? 1 : 0);

    public static MtmConfig Published { get; } = new();
}
