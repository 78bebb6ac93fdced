using Realtime.Engine.Sessions;
using Realtime.Host.Commands;
using Realtime.Host.Running;
using Realtime.Host.Training;
using Realtime.Models;
using Realtime.Models.Calibration;
using Realtime.Models.Possm;
using Spectre.Console;

namespace Realtime.Host.Demo;

/// <summary>Calibrates a bundled transformer to the session of a demo, as <c>rtdecode calibrate</c> would.</summary>
internal static class DemoCalibration
{
    private const string AllTheSame = "A demo endangers nothing: it decodes with the model all the same, and says so.";

    /// <summary>Calibrates, judges, and writes model and baseline to <paramref name="folder"/>.</summary>
    /// <exception cref="UserErrorException">The session is one that the weights were trained on.</exception>
    /// <exception cref="Realtime.Models.Training.TrainingException">The session does not allow it.</exception>
    public static DemoDecoder Make(DemoOptions options, Session session, string folder, IAnsiConsole screen)
    {
        using var bundled = BundledModels.Read(options.ModelKind);
        if (bundled.Config.Training.Sessions?.Contains(session.Name) == true)
            throw new UserErrorException($"--seed {options.Seed} makes one of the animals that the bundled weights were trained on, so that its score would tell nothing. Choose another seed.", ExitCode.Usage);
        var hopMs = ModelHop.DefaultNs(bundled) * 1e-6;
        if (options.ModelKind == PossmRandom.Kind && options.HopMs is { } asked && asked != hopMs)
            throw new UserErrorException(FormattableString.Invariant($"--hop-ms: the bundled {options.ModelKind} answers every {hopMs:0.###} ms and takes no other. Leave it out."), ExitCode.Usage);
        screen.WriteLine(FormattableString.Invariant(
            $"Calibrating the bundled {options.ModelKind} to {session.Units.Count} units that it has not seen, on the first {options.CalibrationMinutes:0.##} min of the session."));
        var result = CalibrateCommand.Calibrate(bundled, session, new CalibrationOptions
        {
            Minutes = options.CalibrationMinutes,
            Cut = true,
            CompareScratch = false,
            Threads = TransformerThreads.Default,
        });
        foreach (var note in result.Notes) TrainCommand.Note(note);
        CalibrationView.Show(screen, result);
        var unfit = result.Fitness.Verdict == FitnessVerdict.Unfit;
        if (unfit) TrainCommand.Note(AllTheSame);
        var path = CalibrationView.MarkedPath(Path.Combine(folder, $"{options.ModelKind}-calibrated{ModelFile.Extension}"), result.Fitness.Verdict);
        ModelFile.Save(path, result.Model);
        result.Baseline?.Save(Path.Combine(folder, $"wiener{ModelFile.Extension}"));
        return new DemoDecoder(path, ModelFile.Parse(result.Model, path))
        {
            Baseline = result.Baseline,
            Notes =
            [
                FormattableString.Invariant($"The model is the bundled {Path.GetFileName(BundledModels.PathOf(options.ModelKind))}, calibrated to this session's units on {result.Fitness.Minutes:0.##} min in {result.Computed.TotalSeconds:0.#} s."),
                CalibrationView.Verdict(result.Fitness) + (unfit ? $" {AllTheSame}" : ""),
            ],
        };
    }
}
