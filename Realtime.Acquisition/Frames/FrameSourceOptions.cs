using Realtime.Engine.Threads;

namespace Realtime.Acquisition.Frames;

/// <summary>Where video frames come from.</summary>
public sealed record FrameSourceOptions
{
    public const int DefaultPort = 5570;

    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = DefaultPort;

    /// <summary>Factor of every pixel, such as 1 / 255 for bytes in a model of pixels from 0 to 1.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Set after each frame, so that a sleeping decode thread looks; null when it polls.</summary>
    public WakeSignal? Wake { get; init; }
}
