namespace Realtime.Host.Configuration;

/// <summary>Which model answers.</summary>
public sealed record ModelConfig
{
    /// <summary>The model file as written in the config; <see cref="RigConfig.ModelPath"/> is where it lies.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether a model that was judged unfit for live use may answer all the same.</summary>
    public bool AllowUnfit { get; init; }
}
