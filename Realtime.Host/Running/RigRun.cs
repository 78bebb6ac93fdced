using Microsoft.Extensions.Logging;
using Realtime.Engine.Time;
using Realtime.Host.Configuration;
using Realtime.Host.Reports;
using Realtime.Host.Running.Recording;
using Realtime.Models;
using Spectre.Console;

namespace Realtime.Host.Running;

/// <summary>One live run, from the rig config to the finished run folder.</summary>
public sealed class RigRun
{
    private const double SilenceAfterEndS = 1;
    private const int MaxRateRows = 16_384;

    private readonly RigConfig _config;
    private readonly RigRunOptions _options;
    private readonly IAnsiConsole _screen;
    private readonly DecimatingSeries _rates = new(2, MaxRateRows);

    public RigRun(RigConfig config, RigRunOptions options, IAnsiConsole screen)
    {
        _config = config;
        _options = options;
        _screen = screen;
    }

    /// <summary>Runs until the end that the options, the config or a signal give, and writes the run folder.</summary>
    /// <returns>The report and one of <see cref="ExitCode"/>.</returns>
    /// <exception cref="UserErrorException">The run could not start.</exception>
    public (RunReport Report, int ExitCode) Execute()
    {
        var model = ReadModel(_config.ModelPath);
        var decoder = RigDecoder.Create(_config, model);
        using var owned = decoder as IDisposable;
        model.Dispose();
        if (decoder.Description.Outputs.Count > OutputValues.Capacity)
            throw new UserErrorException($"{_config.ModelPath} has {decoder.Description.Outputs.Count} outputs; a run records {OutputValues.Capacity} at most.", ExitCode.BadInput);

        foreach (var (key, message) in RigNeeds.Missing(_config, decoder.Description)) throw new UserErrorException($"{_config.FilePath}: {key} {message}", ExitCode.BadConfig);
        var fitness = model.Config.Training.Fitness;
        if (fitness is { Verdict: FitnessVerdict.Unfit } && !_config.Model.AllowUnfit)
            throw new UserErrorException($"{_config.ModelPath}: {FitnessText.Refusal(fitness)}", ExitCode.BadInput);
        var mark = FitnessText.Mark(FitnessText.VerdictOf(model.Config.Training));

        PipelineWarmUp.Run(_config, decoder);
        var started = DateTime.UtcNow;
        using var folder = RunFolder.Create(_config.RunsFolder, mark.Length == 0 ? _config.Name : $"{_config.Name}-{mark}-model", started, _config.Run.MinimumFreeMb);
        using var logs = RunLog.Create(folder.Log, text => _screen.MarkupLine($"[yellow]{Markup.Escape(text)}[/]"));
        var log = logs.CreateLogger("run");
        File.WriteAllText(folder.Config, _config.Text);
        using var stop = new RunStop(listenToSignals: true);
        var runId = Path.GetFileName(folder.Path);
        decoder.Reset();
        var tap = _options.Record || _config.Run.Record ? new RecordingTap(frames: _config.Frames.Host is null ? null : decoder.Description.Frames) : null;
        using var pipeline = new RigPipeline(_config, decoder, runId, _options.LastNs, logs, tap);
        using var session = tap is null ? null : new SessionRecorder(SessionRecording.Options(_config, folder, runId, decoder.Description, pipeline), tap);
        var series = new AnswerSeries(decoder.Description.Outputs, _config.Ticks.HopMs * 1e-3);
        var scoring = new LiveScoring(_config, model, decoder.Description, pipeline, series);
        using var recorder = new AnswerRecorder(
            pipeline.Answers, pipeline.Behaviour, new PredictionLog(folder.Predictions, decoder.Description.Outputs), series, scoring.TryMake, decoder.Description.Outputs.Count, MonotonicClock.Instance, session);

        if (model.Config.Training.Origin == WeightOrigin.Random) log.LogWarning("{Warning}", OriginText.RandomWarning);
        if (FitnessText.Warning(fitness) is { } unfit) log.LogWarning("{Warning}", unfit);
        if (session is not null) log.LogInformation("recording into {Folder}", folder.Session);
        log.LogInformation("run {RunId} with {Model} {Hash}, config {Config}", runId, model.Config.Kind, model.Hash, _config.FilePath);
        recorder.Start();
        pipeline.Start();
        Watch(pipeline, recorder, session, stop, StatusName(model, mark));
        pipeline.Stop();
        recorder.Stop();
        if (recorder.Failure is { } problem)
            log.LogWarning("recording stopped after {Recorded} of {Ticks} answers: {Problem}", recorder.Recorded, pipeline.Loop.Counters.Ticks, problem);
        var recording = session?.Report();
        if (recording is not null && SessionRecording.Warning(recording) is { } lost) log.LogWarning("{Warning}", lost);
        log.LogInformation("run ended: {Reason}", stop.Reason);

        var report = RunReporter.Build(_config, model, pipeline, recorder.Scorer, new RunReport
        {
            RunId = runId,
            ConfigFile = _config.FilePath,
            StartedUtc = started,
            EndedUtc = DateTime.UtcNow,
            DurationS = (DateTime.UtcNow - started).TotalSeconds,
            EndReason = stop.Reason ?? "",
            RunFolder = folder.Path,
            RecordedTicks = recorder.Recorded,
            Recording = recording,
            Notes = [.. scoring.Note is { } note ? [note] : Array.Empty<string>(), .. _options.Notes],
            Warnings = [.. RecordingWarnings(recorder, pipeline, recording)],
        });
        report = report with { Comparison = _options.Compare?.Invoke(report) };
        var full = recorder.Failure is not null || recording is { Failure.Length: > 0 };
        return (report, WriteReport(folder, report, series, pipeline) ? CodeOf(stop.Reason, full) : ExitCode.DiskFull);
    }

    internal static ModelFile ReadModel(string path)
    {
        try
        {
            return ModelFile.Read(path);
        }
        catch (Exception problem) when (problem is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(problem is ModelFormatException ? problem.Message : $"The model {path} cannot be read: {problem.Message}", ExitCode.BadInput);
        }
    }

    private static string StatusName(ModelFile model, string mark) => model.Config.Kind
        + (model.Config.Training.Origin == WeightOrigin.Random ? " RANDOM WEIGHTS" : "")
        + (mark.Length == 0 ? " " : $" {mark.ToUpperInvariant()} MODEL ") + model.Hash[..8];

    private static IEnumerable<string> RecordingWarnings(AnswerRecorder recorder, RigPipeline pipeline, RecordingReport? session)
    {
        if (recorder.Failure is { } full)
            yield return $"Recording stopped after {recorder.Recorded} of {pipeline.Loop.Counters.Ticks} answers because the disk could not be written ({full}); answers went on. What was written before is whole.";
        if (session is not null && SessionRecording.Warning(session) is { } lost) yield return lost;
    }

    private static int CodeOf(string? reason, bool diskFull) => reason switch
    {
        RunStop.DecoderFailed => ExitCode.DecoderFailed,
        _ when diskFull => ExitCode.DiskFull,
        RunStop.Interrupted => ExitCode.Interrupted,
        RunStop.Terminated => ExitCode.Terminated,
        RunStop.NoData => ExitCode.NoData,
        _ => ExitCode.Ok,
    };

    private bool WriteReport(RunFolder folder, RunReport report, AnswerSeries series, RigPipeline pipeline)
    {
        folder.ReleaseReserve();
        try
        {
            ReportJson.Write(report, folder.ReportJson);
            HtmlReport.Write(report, series.ToReport() with
            {
                RateTimeS = _rates.Column(0),
                SpikesPerS = _rates.Column(1),
                TotalLatencyBuckets = HistogramReports.Buckets(pipeline.Loop.Latencies.Total),
                ConfigText = _config.Text,
            }, folder.ReportHtml);
            return true;
        }
        catch (IOException problem)
        {
            _screen.MarkupLine($"[red]The report could not be written whole: {Markup.Escape(problem.Message)}[/] {Markup.Escape(folder.Path)} holds what was written before.");
            return false;
        }
    }

    private void Watch(RigPipeline pipeline, AnswerRecorder recorder, SessionRecorder? session, RunStop stop, string model)
    {
        var clock = MonotonicClock.Instance;
        var status = new StatusLine(_screen, model);
        var interval = TimeSpan.FromSeconds(_config.Run.StatusIntervalS);
        var meter = new StatusMeter(pipeline, clock.NowNs);
        var durationS = _options.DurationS ?? _config.Run.DurationS ?? double.PositiveInfinity;
        var nextNs = clock.NowNs + (long)interval.TotalNanoseconds;
        while (!stop.Wait(TimeSpan.FromMilliseconds(20)))
        {
            var nowNs = clock.NowNs;
            if (pipeline.Failure is not null) stop.Request(RunStop.DecoderFailed);
            else if (pipeline.Loop.Completed) stop.Request(RunStop.SourceEnded);
            else if (meter.ElapsedS(nowNs) >= durationS) stop.Request(RunStop.Duration);
            else if (_options.SourceEnded?.Invoke() == true && meter.SilenceS(nowNs) > SilenceAfterEndS) stop.Request(RunStop.SourceEnded);
            else if (pipeline.Loop.Counters.Ticks == 0 && meter.ElapsedS(nowNs) > _options.GiveUpS) stop.Request(RunStop.NoData);
            if (nowNs < nextNs) continue;
            nextNs += (long)interval.TotalNanoseconds;
            var state = meter.Read(nowNs, recorder.Failure is not null ? "NOT RECORDING: disk full" : session?.Failure is not null ? "SESSION NOT RECORDED: disk full" : null);
            _rates.Add([state.ElapsedS, state.SpikesPerS]);
            status.Show(in state);
        }

        status.End();
    }
}
