using Realtime.Models.Training;

namespace Realtime.Host.Demo;

/// <summary>What a demo is to do.</summary>
public sealed record DemoOptions
{
    /// <summary>Length of the live part, session seconds.</summary>
    public double Seconds { get; init; } = 30;

    /// <summary>A session's folder, or null to simulate one.</summary>
    public string? SessionFolder { get; init; }

    public string Kind { get; init; } = "head-direction";

    public ulong Seed { get; init; } = 1;

    /// <summary>Distance of two answers, ms; null: the model's hop or bin.</summary>
    public double? HopMs { get; init; }

    public double Speed { get; init; } = 1;

    /// <summary>Receive and decode by polling.</summary>
    public bool Spinning { get; init; }

    public string Folder { get; init; } = "runs";

    /// <summary>A kind that can be fitted, or one that is drawn at random.</summary>
    public string ModelKind { get; init; } = "wiener";

    public TrainingOptions Training { get; init; } = new();
}
