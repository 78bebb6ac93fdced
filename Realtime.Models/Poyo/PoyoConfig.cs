namespace Realtime.Models.Poyo;

/// <summary>
/// The shape of a POYO model, under upstream's names. Source: Azabou et al. 2023 (arXiv 2310.16046);
/// github.com/neuro-galaxy/torch_brain, torch_brain/models/poyo.py.
/// </summary>
public sealed record PoyoConfig
{
    /// <summary>Window, s.</summary>
    public double SequenceLength { get; init; } = 1.0;

    /// <summary>Distance of two groups of latents, s.</summary>
    public double LatentStep { get; init; } = 0.125;

    /// <summary>Latents of one group.</summary>
    public int NumLatentsPerStep { get; init; } = 16;

    public int Dim { get; init; } = 64;

    /// <summary>Processor layers.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>Width of a head; a multiple of 4.</summary>
    public int DimHead { get; init; } = 64;

    public int CrossHeads { get; init; } = 2;

    public int SelfHeads { get; init; } = 8;

    /// <summary>Shortest and longest period of the rotary embedding, s; used only where weights do not bring their own frequencies.</summary>
    public double TMin { get; init; } = 1e-4;

    /// <inheritdoc cref="TMin"/>
    public double TMax { get; init; } = 2.0627;

    /// <summary>Groups of latents in a window, as NumPy's arange counts them.</summary>
    public int Steps => (int)Math.Ceiling(SequenceLength / LatentStep);

    public int Latents => Steps * NumLatentsPerStep;

    public int CrossInner => CrossHeads * DimHead;

    public int SelfInner => SelfHeads * DimHead;

    /// <summary>Published as the single-session model.</summary>
    public static PoyoConfig Poyo1M { get; } = new();

    /// <summary>Published as POYO-mp and POYO-1.</summary>
    public static PoyoConfig Poyo12M { get; } = new() { NumLatentsPerStep = 32, Dim = 128, Depth = 24, CrossHeads = 4 };
}
