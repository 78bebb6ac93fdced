using System.CommandLine;
using System.Globalization;
using Realtime.Acquisition.Simulation;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode simulate-session OUT</c>: writes a session with known ground truth.</summary>
internal static class SimulateSessionCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("OUT") { Description = "Folder to write." };
        var kind = new Option<string>("--kind") { Description = "head-direction, reach or place.", DefaultValueFactory = _ => "head-direction" };
        kind.AcceptOnlyFromAmong([.. SimulationKindNames.All]);
        var units = new Option<int>("--units") { Description = "Number of units.", DefaultValueFactory = _ => new SimulationOptions().Units };
        var minutes = new Option<double>("--minutes") { Description = "Length, minutes.", DefaultValueFactory = _ => new SimulationOptions().Minutes };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same session.", DefaultValueFactory = _ => 1 };
        var force = new Option<bool>("--force") { Description = "Overwrite a session that is there." };
        var command = new Command("simulate-session", "Write a simulated session with known ground truth.") { folder, kind, units, minutes, seed, force };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var options = new SimulationOptions
            {
                Kind = SimulationKindNames.Parse(parsed.GetValue(kind)!),
                Units = parsed.GetValue(units),
                Minutes = parsed.GetValue(minutes),
                Seed = parsed.GetValue(seed),
            };
            var path = parsed.GetValue(folder)!;
            var simulated = Simulate(options);
            simulated.Write(path, parsed.GetValue(force));
            CommandRunner.Screen.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Wrote {path}: {simulated.Session.Units.Count} units, {simulated.Session.SpikeSamples.Length:N0} spikes, {simulated.Session.DurationSeconds:0} s; the ground truth is in truth.json."));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static SimulatedSession Simulate(SimulationOptions options)
    {
        try
        {
            return SessionSimulator.Simulate(options);
        }
        catch (ArgumentException problem)
        {
            // .NET appends the parameter's name and value on lines of its own.
            throw new UserErrorException(problem.Message.Split(" (Parameter")[0], ExitCode.Usage);
        }
    }
}
