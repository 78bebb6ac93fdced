namespace Realtime.Models.Neuroformer;

/// <summary>How video frames become tokens: a convolution over (time, height, width), or square patches where there is none.</summary>
public sealed record NeuroformerFrames
{
    /// <summary>Frames of one window.</summary>
    public required int Count { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    /// <summary>Time, height, width; for patches [1, side, side].</summary>
    public required IReadOnlyList<int> Kernel { get; init; }

    /// <summary>Time, height, width.</summary>
    public required IReadOnlyList<int> Stride { get; init; }

    /// <summary>Whether the tokens are patches under a linear map instead of a convolution.</summary>
    public bool Patches { get; init; }

    /// <summary>Frames per second.</summary>
    public double Rate { get; init; } = 20;

    /// <summary>Tokens along each axis.</summary>
    public int TokensOf(int axis) => ((axis == 0 ? Count : axis == 1 ? Height : Width) - Kernel[axis]) / Stride[axis] + 1;

    /// <summary>Tokens, without the SOS before them.</summary>
    public int Tokens => TokensOf(0) * TokensOf(1) * TokensOf(2);
}
