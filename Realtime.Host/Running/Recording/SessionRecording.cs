using System.Globalization;
using Realtime.Engine.Decoding;
using Realtime.Host.Configuration;
using Realtime.Host.Reports;

namespace Realtime.Host.Running.Recording;

/// <summary>How a live run records its session, and what it says about it.</summary>
internal static class SessionRecording
{
    // What predictions and log of many hours take, beside the report's own reserve.
    private const long KeptFreeBytes = 64_000_000;

    public static SessionRecorderOptions Options(RigConfig config, RunFolder folder, string runId, DecoderDescription decoder, RigPipeline pipeline)
    {
        var drive = new DriveInfo(folder.Path);
        return new SessionRecorderOptions
        {
            Folder = folder.Session,
            Name = runId,
            Units = decoder.Units.Units,
            UnknownUnit = (stream, place) => pipeline.Sources[stream].Connection.UnknownUnit(place),
            SampleRateHz = config.Sources[0].SampleRateHz,
            OriginSample = config.Ticks.OriginSample,
            HopNs = config.Ticks.HopNs,
            FrameReachNs = pipeline.Frames is null ? 0 : decoder.FrameReachNs,
            ChannelNames = () => pipeline.BehaviourSource?.Connection.BehaviourChannels ?? [],
            Channel = name => LiveScoring.ChannelOf(name, decoder),
            FreeBytes = () => drive.AvailableFreeSpace,
            MinimumFreeBytes = Math.Min(KeptFreeBytes, config.Run.MinimumFreeMb * 1_000_000 / 2),
        };
    }

    /// <summary>What a reader of the run should act on, or null.</summary>
    public static string? Warning(RecordingReport recording)
    {
        if (recording.Failure.Length > 0)
            return Text($"The session's recording stopped after {recording.Spikes:N0} spikes: {recording.Failure}. Answers went on; {recording.LostSpikes:N0} spikes{(recording.LostFrames > 0 ? Text($" and {recording.LostFrames:N0} video frames") : "")} are not in it. What was recorded before is whole.");
        if (recording.LostFrames > 0)
            return Text($"The recorded session lacks {recording.LostSpikes:N0} spikes, {recording.LostBehaviourValues:N0} behaviour values and {recording.LostFrames:N0} video frames: the disk did not keep up, behaviour came too late, frames of float32 followed on frames of bytes, or there were more pixels than a session may hold.");
        if (recording.LostSpikes > 0 || recording.LostBehaviourValues > 0)
            return Text($"The recorded session lacks {recording.LostSpikes:N0} spikes and {recording.LostBehaviourValues:N0} behaviour values: the disk did not keep up, or behaviour came too late.");
        return recording.Folders.Count == 0 ? "Nothing was recorded: no tick was answered." : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
