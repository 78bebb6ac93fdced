using System.CommandLine;
using Realtime.Acquisition.Simulation;
using Realtime.Host.Demo;
using Realtime.Models.Training;
using Realtime.Models.Transformer;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode demo</c>: the whole program with no hardware.</summary>
internal static class DemoCommand
{
    // A day; sessions are shorter.
    private const double LongestS = 86_400;

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
        var choices = new TrainingChoices(RandomModels.Kinds);
        var command = new Command("demo", "Simulate or take a session, fit a model (or draw one at random), replay the test part and decode it live.")
        {
            seconds, session, kind, seed, hopMs, speed, spinning, folder, json,
        };
        foreach (var option in choices.All) command.Add(option);
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
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
                ModelKind = choices.Kind(parsed),
                Training = choices.Read(parsed, new TrainingOptions()),
            };
            var (report, code) = DemoRun.Execute(options, CommandRunner.Screen);
            RunSummary.Show(CommandRunner.Screen, report, parsed.GetValue(json));
            return code;
        }));
        return command;
    }
}
