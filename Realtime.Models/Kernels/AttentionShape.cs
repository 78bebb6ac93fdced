namespace Realtime.Models.Kernels;

/// <summary>Sizes of one attention; strides are distances of rows in numbers.</summary>
public readonly record struct AttentionShape
{
    public required int Queries { get; init; }

    public required int Keys { get; init; }

    public required int Heads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadDim { get; init; }

    public required int QueryStride { get; init; }

    public required int KeyStride { get; init; }

    public required int ValueStride { get; init; }

    public required int OutputStride { get; init; }
}
