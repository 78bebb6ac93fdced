using System.CommandLine;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Events;
using Realtime.Engine.Offline;
using Realtime.Engine.Sessions;
using Realtime.Engine.Time;
using Realtime.Host.Reports;
using Realtime.Host.Running;
using Realtime.Models;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode evaluate SESSION --model MODEL</c>: causal scores of a model, through the same tick loop as live.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var session = new Argument<string>("SESSION") { Description = "Folder of a session (docs/session-layout.md)." };
        var model = new Option<string>("--model") { Description = "Model file.", Required = true };
        var part = new Option<string>("--part") { Description = "train, valid, test or all.", DefaultValueFactory = _ => "test" };
        part.AcceptOnlyFromAmong(SessionPart.Names);
        var from = new Option<double?>("--from") { Description = "Start, session seconds." };
        var to = new Option<double?>("--to") { Description = "End, session seconds." };
        var hopMs = new Option<double?>("--hop-ms") { Description = "Distance of two answers, ms; default: the model's own, its bin, or 25 for poyo." };
        var json = new Option<bool>("--json") { Description = "Print the report as the last line of stdout (docs/report.md)." };
        var command = new Command("evaluate", "Score a model on a recorded session, causally, as it would score live.") { session, model, part, from, to, hopMs, json };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var hop = OptionRange.Check("--hop-ms", parsed.GetValue(hopMs), 0.1, OptionRange.LongestMs);
            var recording = SessionReader.Read(parsed.GetValue(session)!);
            using var file = RigRun.ReadModel(parsed.GetValue(model)!);
            var range = SessionPart.Of(recording, parsed.GetValue(part)!, parsed.GetValue(from), parsed.GetValue(to));
            var report = Evaluate(recording, file, range, hop);
            foreach (var warning in report.Warnings) CommandRunner.Screen.MarkupLine($"[yellow]{Markup.Escape(warning)}[/]");
            ScoreView.Show(CommandRunner.Screen, $"{recording.Name}, {range.Start:0.###} to {range.End:0.###} s, causal, {report.Ticks} answers", report.Scores, report.BaselineScores);
            if (parsed.GetValue(json)) Console.Out.WriteLine(ReportJson.Serialize(report));
            return ExitCode.Ok;
        }));
        return command;
    }

    /// <summary>Decodes a stretch offline and reports in the form of a live run.</summary>
    public static RunReport Evaluate(Session session, ModelFile file, TimeRange range, double? hopMs)
    {
        var hopNs = hopMs is { } ms ? (long)Math.Round(ms * 1e6) : ModelHop.DefaultNs(file);
        var decoder = ModelLoader.Create(file, new DecoderOptions { HopNs = hopNs });
        using var owned = decoder as IDisposable;
        var description = decoder.Description;
        if (description is { Frames: { } shape, FramesOptional: false } && session.Frames is null)
        {
            throw new UserErrorException(
                $"The model reads video frames of {shape} pixels, and session '{session.Name}' holds none. Add frames.times.npy and frames.values.npy to its folder (docs/session-layout.md), or name a model without frames.", ExitCode.BadInput);
        }

        var rows = session.Units.Units.Select(unit => description.Units.TryGetRow(unit, out var row) ? row : -1).ToArray();
        if (Array.TrueForAll(rows, row => row < 0))
        {
            throw new UserErrorException(
                $"None of the session's {rows.Length} units is in the model's unit table: the session names '{session.Units[0]}', the model '{description.Units[0]}'. Use a model fitted to this session's units.", ExitCode.BadInput);
        }

        var started = DateTime.UtcNow;
        AnswerScorer scorer;
        OfflineResult result;
        try
        {
            scorer = new AnswerScorer(file, description, session.Behaviour, session.SampleRateHz, session.SampleAt(range.Start), (in AnswerRecord _, ReadOnlySpan<double> _) => { });
            var sink = new ScoringSink(scorer, session, range);
            result = OfflineDecoding.Run(session, range, decoder, hopNs, rows, sink, MonotonicClock.Instance);
            sink.Finish();
        }
        catch (ArgumentException problem)
        {
            throw new UserErrorException(problem.Message, ExitCode.BadInput);
        }

        var identity = new RunReport
        {
            RunId = $"evaluate-{session.Name}",
            StartedUtc = started,
            EndedUtc = DateTime.UtcNow,
            DurationS = range.Length,
            EndReason = RunStop.SourceEnded,
            HopMs = hopNs * 1e-6,
            Warnings = Warnings(rows, description.Units.Count),
        };
        return RunReporter.FromTicks(identity, result.Counters, result.Latencies, [StreamReport.From(result.Ledger)], file, scorer);
    }

    private static string[] Warnings(int[] rows, int modelUnits)
    {
        var unknown = rows.Count(row => row < 0);
        var missing = modelUnits - rows.Where(row => row >= 0).Distinct().Count();
        var warnings = new List<string>();
        if (unknown > 0) warnings.Add($"{unknown} of the session's {rows.Length} units are not in the model's unit table; their spikes were left out.");
        if (missing > 0) warnings.Add($"{missing} of the model's {modelUnits} units are not in the session: the model decodes as if they were silent.");
        return [.. warnings];
    }

    /// <summary>Feeds the scorer with answers, and with the behaviour up to each answer's moment.</summary>
    private sealed class ScoringSink(AnswerScorer scorer, Session session, TimeRange range) : Engine.Answers.IAnswerSink
    {
        private readonly long _last = session.SampleAt(range.End);
        private int _row = Array.FindIndex(session.BehaviourSamples, sample => sample >= session.SampleAt(range.Start)) is var first and >= 0 ? first : int.MaxValue;

        public void Publish(in Engine.Answers.TickAnswer answer, ReadOnlySpan<float> values)
        {
            for (; _row < session.BehaviourSamples.Length && session.BehaviourSamples[_row] < _last && session.BehaviourSamples[_row] <= answer.Sample; _row++)
            {
                for (var column = 0; column < session.Behaviour.Count; column++)
                    scorer.AddBehaviour(new BehaviourSample(session.BehaviourSamples[_row], session.BehaviourValues[_row * session.Behaviour.Count + column], column, 0));
            }

            AnswerRecord record = default;
            record.Answer = answer;
            values.CopyTo(record.Values);
            scorer.AddAnswer(in record);
            scorer.Advance();
        }

        public void Finish() => scorer.Finish();
    }
}
