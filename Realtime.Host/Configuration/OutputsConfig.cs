namespace Realtime.Host.Configuration;

/// <summary>Where answers go and which values are believed.</summary>
public sealed record OutputsConfig
{
    public PredictionsConfig Predictions { get; init; } = new();

    /// <summary>Values outside these are not sent: the answer is held and flagged.</summary>
    public IReadOnlyList<OutputLimit> Limits { get; init; } = [];
}
