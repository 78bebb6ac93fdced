using System.Reflection;
using Realtime.Engine.Answers;
using Realtime.Engine.Ticks;
using Realtime.Host.Configuration;
using Realtime.Host.Doctor;
using Realtime.Host.Reports;
using Realtime.Models;

namespace Realtime.Host.Running;

/// <summary>Makes the report of a live run from what its parts have counted.</summary>
public static class RunReporter
{
    public static string ProgramVersion { get; } =
        typeof(RunReporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The figures of a stopped pipeline.</summary>
    public static RunReport Build(RigConfig config, ModelFile model, RigPipeline pipeline, AnswerScorer? scorer, RunReport identity)
    {
        var streams = pipeline.Sources.Select(StreamOf).ToArray();
        var report = FromTicks(identity, pipeline.Loop.Counters, pipeline.Loop.Latencies, streams, model, scorer);
        return report with
        {
            LatencyUs = report.LatencyUs with { ArrivalToRing = HistogramReports.Percentiles(pipeline.Sources[0].Connection.ReceiveLatency) },
            DataAgeUs = config.Sources[0].ReplaySpeed > 0 ? HistogramReports.Percentiles(pipeline.Loop.Latencies.DataAge) : null,
            HopMs = config.Ticks.HopMs,
            DeadlineMs = config.Ticks.DeadlineMs,
            Settings = SettingsOf(config),
            Trials = pipeline.Loop.Counters.Trials,
            DecoderCounts = pipeline.DecoderCounts.ToDictionary(count => count.Name, count => count.Count),
            Frames = pipeline.Frames is { } frames ? FramesReport.From(frames.Counters) : null,
            Warnings = [.. report.Warnings, .. Warnings(pipeline, streams)],
        };
    }

    /// <summary>What live and offline runs share.</summary>
    public static RunReport FromTicks(
        RunReport identity, TickCounters counters, StageLatencies latencies, IReadOnlyList<StreamReport> streams, ModelFile model, AnswerScorer? scorer)
    {
        var (scores, baseline) = ScoreTables.Split(scorer?.Scores());
        var fitness = model.Config.Training.Fitness;
        var random = model.Config.Training.Origin == WeightOrigin.Random;
        return identity with
        {
            Warnings = [.. random ? [OriginText.RandomWarning] : Array.Empty<string>(), .. FitnessText.Warning(fitness) is { } unfit ? [unfit] : Array.Empty<string>(), .. identity.Warnings],
            ProgramVersion = ProgramVersion,
            Ticks = counters.Ticks,
            MissedTicks = counters.Missed,
            OutsideTrialTicks = counters.OutsideTrials,
            Answers = new AnswersReport
            {
                Fresh = counters.Of(AnswerStatus.Fresh),
                Late = counters.Of(AnswerStatus.Late),
                Held = counters.Of(AnswerStatus.Held),
                NoData = counters.Of(AnswerStatus.NoData),
            },
            Streams = streams,
            Spikes = SpikesReport.Sum(streams),
            LatencyUs = new LatencyReport
            {
                RingToClose = HistogramReports.Percentiles(latencies.Close),
                Decode = HistogramReports.Percentiles(latencies.Decode),
                Send = HistogramReports.Percentiles(latencies.Send),
                Total = HistogramReports.Percentiles(latencies.Total),
            },
            GcCollections = counters.GcCollections,
            AllocatedBytesPerTick = counters.MeasuredTicks == 0 ? 0 : (double)counters.AllocatedBytes / counters.MeasuredTicks,
            Model = new ModelReport { Name = model.Config.Kind, Hash = model.Hash, File = Path.GetFullPath(model.Name), Weights = OriginText.Word(model.Config.Training.Origin), Fitness = FitnessText.Word(FitnessText.VerdictOf(model.Config.Training)) },
            Scores = scores,
            BaselineScores = baseline,
            Machine = MachineDescription.Read(),
        };
    }

    private static StreamReport StreamOf(RigSource source)
    {
        var statistics = source.Connection.Snapshot();
        return StreamReport.From(source.Input.Ledger) with
        {
            Connections = statistics.Connections,
            Messages = statistics.Messages,
            MalformedMessages = statistics.Malformed,
            DuplicateMessages = statistics.Duplicates,
            OtherStreamMessages = statistics.OtherStreamMessages,
            UnknownTypeMessages = statistics.UnknownTypes,
            UnknownUnits = statistics.UnknownUnits.ToDictionary(unit => unit.Unit.ToString(), unit => unit.Spikes),
        };
    }

    private static SortedDictionary<string, string> SettingsOf(RigConfig config) => new(
        RuntimeSettings.Read().ToDictionary(), StringComparer.Ordinal)
    {
        ["decode_wait"] = ConfigWords.Of(config.DecodeThread.Wait),
        ["decode_cpu"] = config.DecodeThread.Cpu?.ToString() ?? "any",
        ["decode_priority"] = ConfigWords.Of(config.DecodeThread.Priority),
        ["receive"] = ConfigWords.Of(config.Sources[0].Receive),
        ["lateness_ms"] = FormattableString.Invariant($"{config.Ticks.LatenessMs}"),
    };

    private static IEnumerable<string> Warnings(RigPipeline pipeline, StreamReport[] streams)
    {
        foreach (var problem in pipeline.PlacementProblems) yield return problem;
        if (pipeline.Failure is { } failure) yield return $"The decode thread failed: {failure.Message}";
        if (pipeline.Tap.NotRecorded > 0) yield return $"{pipeline.Tap.NotRecorded} answers were sent but not recorded: the disk did not keep up.";
        if (pipeline.Predictions.Dropped > 0) yield return $"{pipeline.Predictions.Dropped} prediction messages were dropped for subscribers that did not keep up.";
        if (pipeline.Loop.Counters.Invalid > 0) yield return $"{pipeline.Loop.Counters.Invalid} answers were held because the decoder gave no finite value (a line below may say why) or one outside outputs.limits.";
        foreach (var count in pipeline.DecoderCounts.Where(count => count.Count > 0)) yield return $"{count.Count} {count.Meaning}.";
        if (pipeline.Frames is { Counters: var frames } && frames.Received - frames.Taken > pipeline.FramesWaiting)
            yield return $"{frames.Received - frames.Taken - pipeline.FramesWaiting} video frames were not used: {frames.RingFull} came faster than they were worked off, {frames.TooLate} were out of order.";
        if (pipeline.Frames is { Counters.Invalid: > 0 and var invalid }) yield return $"{invalid} messages on the frames' socket were no frame of the model's size; the log says what was wrong.";
        if (pipeline.Frames is { Counters.Missing: > 0 and var missing }) yield return $"{missing} video frames were lost on their way, by the sender's numbering.";
        foreach (var (stream, source) in streams.Zip(pipeline.Sources))
        {
            if (stream.LostUpstreamMessages > 0)
                yield return $"{stream.Name}: {stream.LostUpstreamMessages} messages were lost before they reached this program (gaps in message_num): the sender's queue overflowed.";
            var statistics = source.Connection.Snapshot();
            if (statistics.SampleRateHz > 0 && Math.Abs(statistics.SampleRateHz - source.Config.SampleRateHz) > 0.5)
                yield return FormattableString.Invariant($"{stream.Name}: the source says {statistics.SampleRateHz} Hz, the rig config {source.Config.SampleRateHz} Hz; data time followed the config. Correct sample_rate_hz.");
            if (statistics is { DataBlocks: 0, Spikes: > 0 } && source.Config.EventWatermarkSlackMs is null)
                yield return $"{stream.Name}: no continuous data came, so every tick waited for the lateness bound. Send one continuous channel in the ZMQ Interface plugin, or set event_watermark_slack_ms.";
            if (stream.Received > 0 && stream.UnknownUnits.Values.Sum() == stream.Received)
                yield return $"{stream.Name}: none of its spikes came from a unit that the model knows, such as '{stream.UnknownUnits.Keys.First()}'. Bind the rig's units to the model's under units.bind, or set units.match_stream: false if only the stream's name differs.";
        }
    }
}
