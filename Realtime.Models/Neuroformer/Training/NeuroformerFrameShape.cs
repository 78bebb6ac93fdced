namespace Realtime.Models.Neuroformer.Training;

/// <summary>How a model to be trained reads the sessions' video frames; their size comes from the sessions.</summary>
public sealed record NeuroformerFrameShape
{
    /// <summary>Length of a clip, s; it has so many frames as are shown in it at <see cref="Rate"/>, rounded up.</summary>
    public double Window { get; init; } = 0.15;

    /// <summary>Frames per second of a clip, whatever the sessions' own rate.</summary>
    public double Rate { get; init; } = 20;

    /// <summary>The last frames of a clip for which the newest one stands, as it must live for a model that reads frames of the future; 0 for new models.</summary>
    public int LookAhead { get; init; }

    /// <summary>Frames, rows and columns under one token.</summary>
    public IReadOnlyList<int> Kernel { get; init; } = [3, 5, 5];

    /// <summary>Distance of two tokens likewise; null for the kernel.</summary>
    public IReadOnlyList<int>? Stride { get; init; }

    /// <summary>Factor of every pixel, such as 1 / 255 for bytes; kept in the model file.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Frames of a clip.</summary>
    internal int Count => (int)Math.Ceiling(Rate * Window - 1e-9);
}
