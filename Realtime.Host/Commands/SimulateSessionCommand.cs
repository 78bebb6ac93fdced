using System.CommandLine;
using System.Globalization;
using Realtime.Acquisition.Simulation;
using Realtime.Engine.Sessions;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode simulate-session OUT</c>: writes a session with known ground truth.</summary>
internal static class SimulateSessionCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("OUT") { Description = "Folder to write." };
        var kind = new Option<string>("--kind") { Description = "head-direction, reach, place, visual: with video frames, or coupled: neurons that drive each other.", DefaultValueFactory = _ => "head-direction" };
        kind.AcceptOnlyFromAmong([.. SimulationKindNames.All, CouplingTruth.Kind]);
        var units = new Option<int?>("--units") { Description = $"Number of units; {new SimulationOptions().Units}, or {new CoupledOptions().Units} coupled ones." };
        var minutes = new Option<double?>("--minutes") { Description = $"Length, minutes; {new SimulationOptions().Minutes}, or {new CoupledOptions().Minutes} of coupled units." };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same session.", DefaultValueFactory = _ => 1 };
        var force = new Option<bool>("--force") { Description = "Overwrite a session that is there." };
        var command = new Command("simulate-session", "Write a simulated session with known ground truth.") { folder, kind, units, minutes, seed, force };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var (path, overwrite) = (parsed.GetValue(folder)!, parsed.GetValue(force));
            var name = parsed.GetValue(kind)!;
            Session session;
            if (name == CouplingTruth.Kind)
            {
                var options = new CoupledOptions();
                options = options with { Units = parsed.GetValue(units) ?? options.Units, Minutes = parsed.GetValue(minutes) ?? options.Minutes, Seed = parsed.GetValue(seed) };
                var simulated = Simulate(() => CoupledSimulator.Simulate(options));
                simulated.Write(path, overwrite);
                session = simulated.Session;
            }
            else
            {
                var options = new SimulationOptions { Kind = SimulationKindNames.Parse(name), Seed = parsed.GetValue(seed) };
                options = options with { Units = parsed.GetValue(units) ?? options.Units, Minutes = parsed.GetValue(minutes) ?? options.Minutes };
                var simulated = Simulate(() => SessionSimulator.Simulate(options));
                simulated.Write(path, overwrite);
                session = simulated.Session;
            }

            CommandRunner.Screen.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Wrote {path}: {session.Units.Count} units, {session.SpikeSamples.Length:N0} spikes, {session.DurationSeconds:0} s; the ground truth is in truth.json."));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static T Simulate<T>(Func<T> simulate)
    {
        try
        {
            return simulate();
        }
        catch (ArgumentException problem)
        {
            // .NET appends the parameter's name and value on lines of its own.
            throw new UserErrorException(problem.Message.Split(" (Parameter")[0], ExitCode.Usage);
        }
    }
}
