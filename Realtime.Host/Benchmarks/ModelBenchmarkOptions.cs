namespace Realtime.Host.Benchmarks;

/// <summary>What to measure a model with.</summary>
public sealed record ModelBenchmarkOptions
{
    /// <summary>Spikes per second of all units together.</summary>
    public double SpikesPerS { get; init; } = 1500;

    /// <summary>Distance of two ticks, ms; null for the model's own.</summary>
    public double? HopMs { get; init; }

    /// <summary>Threads that compute, 1 or 2.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Core of the second compute thread, or null.</summary>
    public int? ComputeCpu { get; init; }

    /// <summary>How long to measure, s, unless <see cref="Ticks"/> is set.</summary>
    public double Seconds { get; init; } = 10;

    /// <summary>How many ticks to measure, or null.</summary>
    public int? Ticks { get; init; }

    /// <summary>Seed of the spikes.</summary>
    public ulong Seed { get; init; } = 1;
}
