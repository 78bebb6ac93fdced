namespace Realtime.Models.Possm;

/// <summary>What the network is given, as upstream shapes it; padding is zeros. Row-major.</summary>
public sealed class PossmBatch(int samples, int chunks, int tokens, int latents, int queries)
{
    public int Samples { get; } = samples;

    /// <summary>Chunks of the longest sample.</summary>
    public int Chunks { get; } = chunks;

    /// <summary>Tokens of the fullest chunk.</summary>
    public int Tokens { get; } = tokens;

    /// <summary>Latents of a chunk.</summary>
    public int Latents { get; } = latents;

    /// <summary>Queries of the sample with most, rounded up to a multiple of 8.</summary>
    public int Queries { get; } = queries;

    /// <summary>[samples, chunks, tokens] rows of the unit table.</summary>
    public int[] UnitRows { get; } = new int[checked(samples * chunks * tokens)];

    /// <summary>[samples, chunks, tokens] rows of the type table; all 0.</summary>
    public int[] TokenTypes { get; } = new int[samples * chunks * tokens];

    /// <summary>[samples, chunks, tokens] seconds from the chunk's start.</summary>
    public float[] TokenTimes { get; } = new float[samples * chunks * tokens];

    /// <summary>[samples, chunks, tokens] tokens that <see cref="PossmMask.AsRun"/> shows.</summary>
    public bool[] InputMask { get; } = new bool[samples * chunks * tokens];

    /// <summary>[samples, chunks, tokens] tokens that <see cref="PossmMask.Strict"/> shows.</summary>
    public bool[] TokenMask { get; } = new bool[samples * chunks * tokens];

    /// <summary>[samples] chunks of each sample.</summary>
    public int[] ChunkCounts { get; } = new int[samples];

    /// <summary>[samples, latents] rows of the latent table.</summary>
    public int[] LatentRows { get; } = new int[samples * latents];

    /// <summary>[samples, latents] seconds from the chunk's start.</summary>
    public double[] LatentTimes { get; } = new double[samples * latents];

    /// <summary>[samples, queries] rows of the session table.</summary>
    public int[] SessionRows { get; } = new int[samples * queries];

    /// <summary>[samples, queries] ids from 1; 0 is padding.</summary>
    public int[] TaskIds { get; } = new int[samples * queries];

    /// <summary>[samples, queries] seconds from the sample's start.</summary>
    public double[] QueryTimes { get; } = new double[samples * queries];

    /// <summary>[samples, queries] the newest chunk each query sees, from 1; 0 is padding.</summary>
    public int[] QueryChunks { get; } = new int[samples * queries];

    /// <summary>[samples, queries] real queries.</summary>
    public bool[] QueryMask { get; } = new bool[samples * queries];
}
