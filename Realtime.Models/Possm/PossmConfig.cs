namespace Realtime.Models.Possm;

/// <summary>
/// The shape of a POSSM model with the GRU backbone, under upstream's names. Source: Ryoo et al. 2025 (arXiv 2506.05320);
/// github.com/neuro-galaxy/torch_brain, branch possm, torch_brain/models/possm.py.
/// </summary>
public sealed record PossmConfig
{
    /// <summary>Window of training, s; a stream has no such bound.</summary>
    public double SequenceLength { get; init; } = 1.0;

    /// <summary>Length of a chunk, s.</summary>
    public double BinWidth { get; init; } = 0.05;

    /// <summary>Distance of two chunks, s; must equal <see cref="BinWidth"/>.</summary>
    public double BinStep { get; init; } = 0.05;

    /// <summary>Latents of one chunk.</summary>
    public int NumLatents { get; init; } = 1;

    public int Dim { get; init; } = 64;

    /// <summary>Processor layers per chunk; 0 in the published configurations.</summary>
    public int Depth { get; init; }

    /// <summary>Width of a head; a multiple of 4.</summary>
    public int DimHead { get; init; } = 64;

    public int CrossHeads { get; init; } = 1;

    public int SelfHeads { get; init; } = 2;

    /// <summary>Width of the GRU.</summary>
    public int RnnDim { get; init; } = 256;

    public int NumRnnLayers { get; init; } = 1;

    /// <summary>Chunks that a query reads, the newest ones.</summary>
    public int OutputCaCtxLim { get; init; } = 3;

    /// <summary>Shortest and longest period of the rotary embedding, s; used only where weights do not bring their own frequencies.</summary>
    public double TMin { get; init; } = 1e-4;

    /// <inheritdoc cref="TMin"/>
    public double TMax { get; init; } = 10.0;

    public int CrossInner => CrossHeads * DimHead;

    public int SelfInner => SelfHeads * DimHead;

    /// <summary>Published for single sessions.</summary>
    public static PossmConfig Small { get; } = new();

    /// <summary>The size of o-POSSM.</summary>
    public static PossmConfig Large { get; } = new() { Dim = 256, RnnDim = 512, NumRnnLayers = 4 };
}
