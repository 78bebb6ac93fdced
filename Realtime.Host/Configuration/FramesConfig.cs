namespace Realtime.Host.Configuration;

/// <summary>Where video frames come from, for models that read them.</summary>
public sealed record FramesConfig
{
    /// <summary>Name or address of the machine that shows the stimulus; null = no frames.</summary>
    public string? Host { get; init; }

    public int Port { get; init; } = Acquisition.Frames.FrameSourceOptions.DefaultPort;

    /// <summary>Factor of every pixel.</summary>
    public double Scale { get; init; } = 1;
}
