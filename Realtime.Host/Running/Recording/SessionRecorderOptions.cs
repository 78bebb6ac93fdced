using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Host.Running.Recording;

/// <summary>What a <see cref="SessionRecorder"/> records, and where.</summary>
public sealed record SessionRecorderOptions
{
    /// <summary>Folder of the first session; later ones get a number.</summary>
    public required string Folder { get; init; }

    /// <summary>Name of the session: the run's.</summary>
    public required string Name { get; init; }

    /// <summary>Units by row: the model's.</summary>
    public required IReadOnlyList<UnitId> Units { get; init; }

    /// <summary>Names a unit that the model does not know, by the index of its stream and its place there.</summary>
    public Func<int, int, UnitId> UnknownUnit { get; init; } = (stream, place) => new UnitId($"stream {stream}", $"unknown {place}", 0);

    /// <summary>Rate of the first source's samples.</summary>
    public required double SampleRateHz { get; init; }

    /// <summary>The sample whose data time is 0.</summary>
    public required long OriginSample { get; init; }

    public required long HopNs { get; init; }

    /// <summary>How long before the first tick's end video frames matter to it: the session begins so much earlier, so that it can hold them.</summary>
    public long FrameReachNs { get; init; }

    /// <summary>Names of the behaviour channels as far as they are known.</summary>
    public Func<IReadOnlyList<string>> ChannelNames { get; init; } = () => [];

    /// <summary>A behaviour channel by its name, with its unit where that is known.</summary>
    public Func<string, OutputChannel> Channel { get; init; } = name => new OutputChannel(name, "");

    /// <summary>Free bytes on the disk.</summary>
    public Func<long> FreeBytes { get; init; } = () => long.MaxValue;

    /// <summary>The recording ends when less is free than this.</summary>
    public long MinimumFreeBytes { get; init; }
}
