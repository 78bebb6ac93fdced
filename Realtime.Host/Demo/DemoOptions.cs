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

    /// <summary>A linear decoder, which is fitted to the session, or a transformer.</summary>
    public string ModelKind { get; init; } = BundledModels.DefaultKind;

    /// <summary>Whether a transformer's weights are drawn at random, in place of bundled ones that are calibrated.</summary>
    public bool RandomWeights { get; init; }

    /// <summary>Length of the data that a bundled transformer is calibrated on, minutes.</summary>
    public double CalibrationMinutes { get; init; } = 2;

    public TrainingOptions Training { get; init; } = new();
}
