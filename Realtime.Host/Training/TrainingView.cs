using System.Diagnostics;
using System.Globalization;
using Realtime.Host.Reports;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;
using Spectre.Console;

namespace Realtime.Host.Training;

/// <summary>Shows a training as it goes: a bar on a terminal, a line per epoch where the output is redirected. One thread.</summary>
internal sealed class TrainingView(IAnsiConsole screen, int epochs, string scoreWord)
{
    private readonly Stopwatch _pace = Stopwatch.StartNew();
    private readonly Stopwatch _stepping = new();
    private long _firstWindow = -1;
    private long _firstStep;
    private TrainerProgress _last;

    /// <summary>Windows per second of the steps alone; NaN before the second step.</summary>
    public double WindowsPerSecond => _last.Windows > _firstWindow && _firstWindow >= 0 ? (_last.Windows - _firstWindow) / _stepping.Elapsed.TotalSeconds : double.NaN;

    /// <summary>Runs a training and shows what it tells.</summary>
    public T Show<T>(Func<Action<TrainerProgress>, T> run)
    {
        if (!screen.Profile.Capabilities.Interactive) return run(progress =>
        {
            Take(progress);
            if (progress.EpochEnded) screen.WriteLine(Line(progress));
        });
        return screen.Progress().Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 12 }, new PercentageColumn()).Start(context =>
        {
            var task = context.AddTask("preparing windows", maxValue: 1);
            return run(progress =>
            {
                Take(progress);
                task.MaxValue = Math.Max(1, progress.StepsAtMost);
                task.Value = progress.Steps;
                task.Description = Markup.Escape(Short(progress));
            });
        });
    }

    /// <summary>The scores side by side, a table for each session with a row for each score: narrow enough for a terminal.</summary>
    public static void Show(IAnsiConsole screen, ScoreTable table)
    {
        foreach (var session in table.Rows.GroupBy(row => row.Session))
        {
            var view = new Table().Title(Markup.Escape($"{session.Key}, {table.Interval} intervals")).AddColumn("");
            foreach (var row in session) view.AddColumn(new TableColumn(Markup.Escape($"{row.Predictor}\n{row.Timing.Text()}")).RightAligned());
            foreach (var column in table.Columns)
                view.AddRow([Markup.Escape(column.Title), .. session.Select(row => ScoreTable.Value(row, column) is { } value ? ReportText.Score(value) : "–")]);
            view.AddRow(["pairs", .. session.Select(row => row.Pairs.ToString(CultureInfo.InvariantCulture))]);
            screen.Write(view);
        }
    }

    /// <summary>Figures of several predictors, a row for each predictor.</summary>
    public static void Show(IAnsiConsole screen, MetricTable table)
    {
        var view = new Table().Title(Markup.Escape(table.Title)).AddColumn("");
        foreach (var (_, title) in table.Columns) view.AddColumn(new TableColumn(Markup.Escape(title)).RightAligned());
        foreach (var row in table.Rows)
            view.AddRow([Markup.Escape(row.Name), .. table.Columns.Select(column => row.Value(column.Key) is { } value ? ReportText.Score(value) : "–")]);
        screen.Write(view);
        screen.WriteLine(table.Note);
    }

    private void Take(TrainerProgress progress)
    {
        if (_firstWindow < 0 || progress.Phase != _last.Phase)
        {
            // What a checkpoint brought along was not done now; the first step also compiles and sizes.
            if (_firstWindow < 0) _firstWindow = progress.Windows;
            _firstStep = progress.Steps;
            _pace.Restart();
        }

        _last = progress;
        if (progress.IsScoring) _stepping.Stop();
        else if (!progress.EpochEnded) _stepping.Start();
    }

    /// <summary>Fits beside a bar on a terminal of usual width.</summary>
    private string Short(TrainerProgress progress)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{(progress.Phase == TrainerPhase.Refit ? "refit " : "")}{progress.Epoch}/{epochs} loss {progress.Loss:0.000}");
        if (!double.IsNaN(progress.BestScore)) text += string.Create(CultureInfo.InvariantCulture, $", score {progress.Score:0.000}, best {progress.BestScore:0.000}");
        if (progress.IsScoring) return text + ", scoring";
        if (progress.Steps > _firstStep) text += $", {ReportText.Duration(Math.Round(Left(progress)))} left";
        return text;
    }

    private string Line(TrainerProgress progress)
    {
        var culture = CultureInfo.InvariantCulture;
        var phase = progress.Phase == TrainerPhase.Refit ? "refit, epoch" : "epoch";
        var text = string.Create(culture, $"{phase} {progress.Epoch}/{epochs}: loss {progress.Loss:0.0000}, learning rate {progress.LearningRate:0.0e+0}");
        if (!double.IsNaN(progress.Score)) text += string.Create(culture, $", {scoreWord} {progress.Score:0.0000} (best {progress.BestScore:0.0000} in epoch {progress.BestEpoch})");
        if (double.IsFinite(WindowsPerSecond)) text += string.Create(culture, $", {WindowsPerSecond:0} samples/s");
        if (progress.IsScoring) return text + ", scoring";
        return progress.Steps > _firstStep && progress.Steps < progress.StepsAtMost
            ? text + $", at most {ReportText.Duration(Math.Round(Left(progress)))} left"
            : text;
    }

    /// <summary>Seconds, by the pace of all steps so far, scoring included.</summary>
    private double Left(TrainerProgress progress) =>
        _pace.Elapsed.TotalSeconds / (progress.Steps - _firstStep) * (progress.StepsAtMost - progress.Steps);
}
