using System.Globalization;
using Realtime.Engine.Sessions;
using Realtime.Host.Reports;
using Realtime.Host.Running;
using Realtime.Models;
using Spectre.Console;

namespace Realtime.Host.Demo;

/// <summary>Session, model, replay process, live run: the whole program on one machine with no hardware.</summary>
public static class DemoRun
{
    private const double NoDataLimitS = 30;

    /// <returns>The run's report and one of <see cref="ExitCode"/>.</returns>
    public static (RunReport Report, int ExitCode) Execute(DemoOptions options, IAnsiConsole screen)
    {
        var folder = Path.Combine(Path.GetFullPath(options.Folder), "demo");
        Directory.CreateDirectory(folder);
        screen.WriteLine(options.SessionFolder is null ? $"Simulating a {options.Kind} session, seed {options.Seed}." : $"Reading {options.SessionFolder}.");
        var (session, sessionFolder) = DemoSession.Make(options, Path.Combine(folder, "session"));
        screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {session.Units.Count} units, {session.SpikeSamples.Length:N0} spikes, {session.DurationSeconds:0} s."));

        var range = LivePart(session, options.Seconds);
        var model = DemoModel.Make(options, session, folder, screen);
        var hopMs = options.HopMs ?? ModelHop.DefaultNs(model.File) * 1e-6;
        var unfit = model.File.Config.Training.Fitness is { Verdict: FitnessVerdict.Unfit };
        using var replay = ReplayProcess.Start(sessionFolder, range, options.Speed);
        var config = DemoConfig.Write(
            Path.Combine(folder, "rig-config.yaml"), model.Path, unfit, session.Units[0].Stream, session.SampleRateHz, hopMs,
            session.SampleAt(range.Start), replay.DataPort, replay.HeartbeatPort, options);
        screen.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Decoding {range.Length:0} s of the test part live, one answer each {hopMs:0.###} ms; predictions on port {config.Outputs.Predictions.Port}."));
        return new RigRun(config, new RigRunOptions
        {
            LastNs = (long)Math.Round(range.Length * 1e9),
            SourceEnded = () => replay.HasEnded,
            GiveUpS = NoDataLimitS,
            Notes = model.Notes,
            Compare = report => DemoComparison.Of(model, session, range.Start, report),
        }, screen).Execute();
    }

    private static TimeRange LivePart(Session session, double seconds)
    {
        if (session.Test.Count == 0) throw new UserErrorException($"Session {session.Name} has no test interval to replay.", ExitCode.BadInput);
        var test = session.Test[0];
        return test with { End = Math.Min(test.End, test.Start + seconds) };
    }
}
