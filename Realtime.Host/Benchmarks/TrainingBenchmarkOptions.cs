namespace Realtime.Host.Benchmarks;

/// <summary>What <see cref="TrainingBenchmark"/> measures.</summary>
internal sealed record TrainingBenchmarkOptions
{
    /// <summary>Windows of a step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Spikes per second of all units together.</summary>
    public double SpikesPerS { get; init; } = 1500;

    public int Units { get; init; } = 96;

    /// <summary>Length of a window, s; null for the recipe's.</summary>
    public double? WindowS { get; init; }

    /// <summary>POYO: distance of queries, ms; null for the recipe's.</summary>
    public double? QueryStepMs { get; init; }

    public int Threads { get; init; } = 1;

    public double Seconds { get; init; } = 10;

    public bool NoDropout { get; init; }

    public ulong Seed { get; init; } = 1;
}
