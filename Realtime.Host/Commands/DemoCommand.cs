using System.CommandLine;
using Realtime.Acquisition.Simulation;
using Realtime.Host.Demo;
using Realtime.Models.Training;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode demo</c>: the whole program with no hardware.</summary>
internal static class DemoCommand
{
    // A day; sessions are shorter.
    private const double LongestS = 86_400;

    private const string Linear = "wiener";

    // As the rig config allows.
    private const double FastestReplay = 1000;

    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "How much of the session's test part to decode live, s.", DefaultValueFactory = _ => 30 };
        var session = new Option<string?>("--session") { Description = "A recorded session instead of a simulated one." };
        var kind = new Option<string>("--kind") { Description = "What to simulate: head-direction, reach or place.", DefaultValueFactory = _ => "head-direction" };
        kind.AcceptOnlyFromAmong([.. SimulationKindNames.All]);
        var seed = new Option<ulong>("--seed") { Description = "Seed of the simulated session.", DefaultValueFactory = _ => 1 };
        var hopMs = new Option<double?>("--hop-ms") { Description = "Distance of two answers, ms; default: the model's bin or chunk, 25 for poyo." };
        var speed = new Option<double>("--speed") { Description = "Speed of the replay.", DefaultValueFactory = _ => 1 };
        var spinning = new Option<bool>("--spinning") { Description = "Poll instead of sleeping: lowest latency, two cores busy." };
        var folder = new Option<string>("--folder") { Description = "Where to write.", DefaultValueFactory = _ => "runs" };
        var json = new Option<bool>("--json") { Description = "Print the report as the last line of stdout (docs/report.md)." };
        var random = new Option<bool>("--random-weights") { Description = "Draw the weights of poyo or possm at random, for the session's own units: to rehearse times and load. Answers mean nothing." };
        var minutes = new Option<double?>("--calibration-minutes") { Description = "Data that bundled weights are calibrated on, min; default: 2." };
        var choices = new TrainingChoices(
            BundledModels.Kinds, "transformers", "is calibrated by the recipe it was trained with, or has random weights",
            parsed => BundledModels.Suit(parsed.GetValue(session), parsed.GetValue(kind)!) ? BundledModels.DefaultKind : Linear,
            $"{BundledModels.DefaultKind} for {BundledModels.Simulation}, for which weights are bundled, else {Linear}");
        var command = new Command("demo", "Simulate or take a session, calibrate bundled weights to it (or fit a linear decoder), replay the test part and decode it live.")
        {
            seconds, session, kind, seed, hopMs, speed, spinning, folder, random, minutes, json,
        };
        foreach (var option in choices.All) command.Add(option);
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var choice = DemoModelChoice.Of(
                choices.Kind(parsed), parsed.GetValue(choices.Model) is not null, BundledModels.Suit(parsed.GetValue(session), parsed.GetValue(kind)!), parsed.GetValue(random));
            if (!choice.Calibrates && parsed.GetValue(minutes) is not null)
                throw new UserErrorException("--calibration-minutes is for bundled weights, and nothing is calibrated here. Leave it out.", ExitCode.Usage);
            if (choice.Calibrates && parsed.GetValue(choices.Outputs) is { Length: > 0 })
                throw new UserErrorException("--outputs: bundled weights decode what they were trained on. Leave it out, or choose a linear decoder: --model wiener.", ExitCode.Usage);
            var options = new DemoOptions
            {
                Seconds = OptionRange.Check("--seconds", parsed.GetValue(seconds), 0.1, LongestS)!.Value,
                SessionFolder = parsed.GetValue(session),
                Kind = parsed.GetValue(kind)!,
                Seed = parsed.GetValue(seed),
                HopMs = OptionRange.Check("--hop-ms", parsed.GetValue(hopMs), 1, OptionRange.LongestMs),
                Speed = OptionRange.Check("--speed", parsed.GetValue(speed), 0, FastestReplay)!.Value,
                Spinning = parsed.GetValue(spinning),
                Folder = parsed.GetValue(folder)!,
                ModelKind = choice.Kind,
                RandomWeights = choice.Random,
                CalibrationMinutes = OptionRange.Check("--calibration-minutes", parsed.GetValue(minutes), 0.1, LongestS / 60) ?? new DemoOptions().CalibrationMinutes,
                Training = choices.Read(parsed, new TrainingOptions()),
            };
            if (choice.Note is { } note) TrainCommand.Note(note);
            var (report, code) = DemoRun.Execute(options, CommandRunner.Screen);
            RunSummary.Show(CommandRunner.Screen, report, parsed.GetValue(json));
            return code;
        }));
        return command;
    }
}
