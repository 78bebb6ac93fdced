namespace Realtime.Models.Checkpoints;

/// <summary>What a checkpoint may ask of this machine. Each is far above what the largest published models need.</summary>
internal static class CheckpointLimits
{
    /// <summary>Bytes of the pickle; that of a Lightning checkpoint of POYO-1 (27 thousand units) has about one million.</summary>
    public const int MaxPickleBytes = 64 << 20;

    /// <summary>Opcodes, and so values, of the pickle.</summary>
    public const int MaxOperations = 4_000_000;

    public const int MaxTensors = 100_000;

    /// <summary>As many axes as PyTorch allows.</summary>
    public const int MaxAxes = 64;

    /// <summary>Files in the zip.</summary>
    public const int MaxEntries = 200_000;

    /// <summary>Largest tensor that may have more elements than its storage, by strides of 0: such a tensor is small in the file only.</summary>
    public const long MaxRepeatedElements = 1 << 20;

    /// <summary>Bytes of the whole number of a LONG1.</summary>
    public const int MaxIntegerBytes = 16;
}
