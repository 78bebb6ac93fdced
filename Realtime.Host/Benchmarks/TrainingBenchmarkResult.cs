namespace Realtime.Host.Benchmarks;

/// <summary>Speed of training; windows per second from the median and from the fastest step.</summary>
internal sealed record TrainingBenchmarkResult
{
    public required string Config { get; init; }

    public required int Threads { get; init; }

    public required int Batch { get; init; }

    public required int Spikes { get; init; }

    public required int Units { get; init; }

    public required int Queries { get; init; }

    public required double WindowS { get; init; }

    public required bool Dropout { get; init; }

    public required int Steps { get; init; }

    public required double Loss { get; init; }

    public required double WindowsPerS { get; init; }

    public required double BestWindowsPerS { get; init; }
}
