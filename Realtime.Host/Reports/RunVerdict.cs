using Realtime.Host.Running;

namespace Realtime.Host.Reports;

/// <summary>What a run's figures mean, in words; the same on the page and on the console.</summary>
public sealed record RunVerdict(VerdictLevel Level, string Headline, IReadOnlyList<VerdictLine> Lines)
{
    /// <summary>Reasons that the user chose or that end every run; the others cost answers their quality.</summary>
    private static readonly HashSet<string> Expected = ["unknown_unit", "other_stream", "run_ended"];

    public static RunVerdict Of(RunReport report)
    {
        var lines = new List<VerdictLine>();
        if (report.EndReason == RunStop.DecoderFailed) lines.Add(new(VerdictLevel.Bad, "The run ended by a fault, not by request; see the warnings."));
        if (report.Model.IsUnfit)
            lines.Add(new(VerdictLevel.LookCloser, report.Model.Fitness == "forced" ? "The model was marked for live use by force, against its scores." : "The model was judged unfit for live use; the rig config allowed it."));
        AddTicks(report, lines);
        AddSpikes(report, lines);
        AddRecording(report, lines);
        AddLatency(report, lines);
        AddScores(report, lines);
        AddHost(report, lines);
        var level = lines.Max(line => line.Level);
        var headline = level switch
        {
            VerdictLevel.Good => "Good run",
            VerdictLevel.LookCloser => "Look closer",
            _ => "Do not trust this run",
        };
        return new RunVerdict(level, headline, lines.OrderByDescending(line => line.Level).ToArray());
    }

    private static void AddTicks(RunReport report, List<VerdictLine> lines)
    {
        var answers = report.Answers;
        var ticks = ReportText.Count(report.Ticks);
        if (report.Ticks == 0)
        {
            lines.Add(new(VerdictLevel.Bad, "No tick was due: no data came that could move time forward."));
            return;
        }

        if (answers.Total() != report.Ticks)
        {
            var missing = Math.Abs(report.Ticks - answers.Total());
            lines.Add(new(VerdictLevel.Bad, $"{ReportText.Count(missing)} of {ticks} ticks did not get exactly one answer."));
        }

        if (answers.Fresh == report.Ticks)
        {
            lines.Add(new(VerdictLevel.Good, $"{ticks} of {ticks} ticks answered on time."));
            return;
        }

        if (report.OutsideTrialTicks > 0)
        {
            var within = report.Ticks - report.OutsideTrialTicks;
            lines.Add(new(answers.Fresh == 0 ? VerdictLevel.Bad : answers.Fresh == within ? VerdictLevel.Good : VerdictLevel.LookCloser,
                $"{ReportText.Count(answers.Fresh)} of {ReportText.Count(within)} ticks within trials answered on time: {ReportText.Count(answers.Late)} late, {ReportText.Count(answers.Held)} held, "
                + $"{ReportText.Count(answers.NoData - report.OutsideTrialTicks)} without data. {ReportText.Count(report.OutsideTrialTicks)} ticks lay between trials, where the model does not answer."));
            return;
        }

        lines.Add(new(answers.Fresh == 0 ? VerdictLevel.Bad : VerdictLevel.LookCloser,
            $"{ReportText.Count(answers.Fresh)} of {ticks} ticks answered on time ({ReportText.Percent(answers.Fresh, report.Ticks)}): "
            + $"{ReportText.Count(answers.Late)} late, {ReportText.Count(answers.Held)} held, {ReportText.Count(answers.NoData)} without"
            + $" data."));
    }

    private static void AddSpikes(RunReport report, List<VerdictLine> lines)
    {
        var spikes = report.Spikes;
        var dropped = spikes.Dropped.Values.Sum();
        var unexplained = spikes.Received - spikes.Decoded - dropped;
        var received = ReportText.Count(spikes.Received);
        if (unexplained != 0 || spikes.InFlight != 0)
        {
            lines.Add(new(VerdictLevel.Bad, $"The books do not balance: {ReportText.Count(unexplained)} of {received} spikes have no"
                + $" account."));
        }
        else
        {
            var ledger = dropped == 0 ? "all decoded" : $"{ReportText.Count(spikes.Decoded)} decoded, {ReportText.Count(dropped)}"
                + $" dropped for stated reasons";
            lines.Add(new(VerdictLevel.Good, spikes.Received == 0 ? "No spike came." : $"Every one of {received} spikes accounted for:"
                + $" {ledger}."));
        }

        foreach (var (reason, count) in spikes.Dropped.Where(reason => reason.Value > 0 && !Expected.Contains(reason.Key)))
        {
            lines.Add(new(VerdictLevel.LookCloser,
                $"{ReportText.Count(count)} spikes ({ReportText.Percent(count, spikes.Received)}) dropped: {ReportText.Words(reason)}."));
        }

        if (spikes.Late > 0)
            lines.Add(new(VerdictLevel.LookCloser, $"{ReportText.Count(spikes.Late)} spikes came after their tick had been answered."));
        foreach (var stream in report.Streams.Where(stream => stream.LostUpstreamMessages > 0 || stream.MalformedMessages > 0))
        {
            lines.Add(new(VerdictLevel.LookCloser, $"{stream.Name}: {ReportText.Count(stream.LostUpstreamMessages)} messages lost before they"
                + $" reached this program, {ReportText.Count(stream.MalformedMessages)} malformed."));
        }
    }

    private static void AddRecording(RunReport report, List<VerdictLine> lines)
    {
        if (report.Recording is not { } recording) return;
        var lost = recording.LostSpikes + recording.LostBehaviourValues + recording.LostFrames;
        var (frames, lostFrames) = report.Frames is null ? ("", "") : ($", {ReportText.Count(recording.Frames)} video frames", $", {ReportText.Count(recording.LostFrames)} video frames");
        lines.Add(recording.Failure.Length > 0 || lost > 0
            ? new(VerdictLevel.LookCloser, $"The recorded session lacks {ReportText.Count(recording.LostSpikes)} spikes and {ReportText.Count(recording.LostBehaviourValues)} behaviour values{lostFrames}.")
            : new(VerdictLevel.Good, $"Recorded: {ReportText.Count(recording.Spikes)} spikes and {ReportText.Count(recording.BehaviourRows)} rows of behaviour{frames}, none lost."));
    }

    private static void AddLatency(RunReport report, List<VerdictLine> lines)
    {
        if (report.LatencyUs.Total is not { Count: > 0 } total) return;
        var bound = report.DeadlineMs > 0 ? $"; the deadline is {ReportText.Time(report.DeadlineMs * 1e3)}" : "";
        var kept = report.DeadlineMs <= 0 || total.P99 <= report.DeadlineMs * 1e3;
        var level = kept ? VerdictLevel.Good : VerdictLevel.LookCloser;
        lines.Add(new(level, $"From due to sent: median {ReportText.Time(total.P50)}, p99 {ReportText.Time(total.P99)}, "
            + $"p99.9 {ReportText.Time(total.P999)}, slowest {ReportText.Time(total.Max)}{bound}."));
    }

    private static void AddScores(RunReport report, List<VerdictLine> lines)
    {
        const int most = 6;
        if (report.Model.HasRandomWeights)
        {
            lines.Add(new(VerdictLevel.LookCloser, "The model's weights are random: its scores mean nothing, and are not judged. Times are real."));
            return;
        }

        if (report.Scores.Count == 0) lines.Add(new(VerdictLevel.Good, "No behaviour came with the spikes, so the answers are not"
            + " scored."));
        var scored = report.Scores.Where(output => output.Value.ContainsKey("r2")).ToArray();
        foreach (var (output, metrics) in scored.Take(most))
        {
            var score = metrics["r2"];
            if (!double.IsFinite(score))
            {
                lines.Add(new(VerdictLevel.LookCloser, $"{output}: R² is not defined (too few values, or behaviour that does not vary)."));
                continue;
            }

            var text = $"{output}: R² {ReportText.Score(score)}";
            var beaten = true;
            if (report.BaselineScores.TryGetValue(output, out var others) && others.TryGetValue("r2", out var baseline)
                && double.IsFinite(baseline))
            {
                text += $" against the baseline's {ReportText.Score(baseline)}";
                beaten = score >= baseline;
            }

            lines.Add(new(score > 0 && beaten ? VerdictLevel.Good : VerdictLevel.LookCloser, text + (score > 0 ? "."
                : ": no better than the mean.")));
        }

        if (report.Comparison is { } comparison && MeanScore.R2(report.Scores) is { } mean && MeanScore.R2(comparison.Scores) is { } compared)
        {
            var worse = mean < compared;
            lines.Add(new(worse ? VerdictLevel.LookCloser : VerdictLevel.Good,
                $"Mean R² {ReportText.Score(mean)} against {ReportText.Score(compared)} of {comparison.Decoder}, {comparison.How}{(worse ? ": the simpler decoder does better" : "")}."));
        }

        if (scored.Length > most) lines.Add(new(VerdictLevel.Good, $"Scores of all {scored.Length} outputs stand below."));
    }

    private static void AddHost(RunReport report, List<VerdictLine> lines)
    {
        if (report.Warnings.Count > 0)
        {
            var warnings = report.Warnings.Count == 1 ? "One warning" : $"{report.Warnings.Count} warnings";
            lines.Add(new(VerdictLevel.LookCloser, $"{warnings} below."));
        }

        if (report.GcCollections > 0)
        {
            lines.Add(new(VerdictLevel.LookCloser, $"{ReportText.Count(report.GcCollections)} garbage collections ran; each can delay answers by milliseconds."));
        }

        if (report.AllocatedBytesPerTick >= 1)
        {
            lines.Add(new(VerdictLevel.LookCloser,
                $"The decode thread allocated {ReportText.Three(report.AllocatedBytesPerTick)} bytes per tick; collections can delay"
                    + $" answers."));
        }
    }
}
