namespace Realtime.Host.Benchmarks;

/// <summary>What <c>rtdecode bench model</c> measured. Fields are added and never renamed; docs/commands.md documents each.</summary>
public sealed record ModelBenchmarkResult
{
    public required string Config { get; init; }

    public required string Kind { get; init; }

    /// <summary>"random", "trained" or "imported".</summary>
    public required string Weights { get; init; }

    public required string ModelHash { get; init; }

    public required string Kernels { get; init; }

    public required int Threads { get; init; }

    public required int Units { get; init; }

    public required double SpikesPerS { get; init; }

    public required double SpikesPerWindow { get; init; }

    public required double HopMs { get; init; }

    public required double WindowMs { get; init; }

    public required double P50Us { get; init; }

    public required double P99Us { get; init; }

    public required double P999Us { get; init; }

    public required double MaxUs { get; init; }

    public required double MinUs { get; init; }

    /// <summary>Processor time of the whole process per call: on a shared machine it says more than the times. Too coarse for calls below 100 µs.</summary>
    public double CpuMeanUs { get; init; }

    /// <summary>Of a call before which the newest video frame was worked on, and nothing else; null for models without frames.</summary>
    public double? FramedP50Us { get; init; }

    public double? FramedP99Us { get; init; }

    public double? FramedMinUs { get; init; }

    /// <summary>Of a call whose decoder worked ahead while the window filled; null where nothing can be done ahead. The others have everything in the call.</summary>
    public double? ClosedP50Us { get; init; }

    public double? ClosedCpuMeanUs { get; init; }

    public double? ClosedP99Us { get; init; }

    public double? ClosedMinUs { get; init; }

    /// <summary>Of all work ahead of one window.</summary>
    public double? AheadP50Us { get; init; }

    /// <summary>Of single pieces of work ahead, p99: what may delay a window that closes meanwhile.</summary>
    public double? LongestPieceUs { get; init; }

    public required long Count { get; init; }

    public required long WarmUpTicks { get; init; }

    public required long AllocatedBytes { get; init; }

    public required int GcCollections { get; init; }

    /// <summary>Of one tick at the mean number of spikes; 0 for a linear decoder, whose work is not counted.</summary>
    public required double MultiplyAdds { get; init; }

    /// <summary>The counted stages with their multiply-adds.</summary>
    public required IReadOnlyDictionary<string, double> Stages { get; init; }

    /// <summary>10^9 operations per second at the median; a multiply-add is two.</summary>
    public required double Gflops { get; init; }

    public required double PeakGflops { get; init; }

    public required double ShareOfPeak { get; init; }

    public required long ResidentBytes { get; init; }

    public required string ProgramVersion { get; init; }

    public required string Cpu { get; init; }
}
