using System.CommandLine;
using System.Text.Json;
using Realtime.Host.Benchmarks;
using Realtime.Host.Training;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode bench training</c>: windows per second that a recipe trains.</summary>
internal static class BenchTrainingCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var defaults = new TrainingBenchmarkOptions();
        var config = new Option<string>("--config") { Description = $"A recipe: {string.Join(", ", TrainingPresets.Names)}, or a file.", Required = true };
        var batch = new Option<int>("--batch") { Description = "Windows of a step.", DefaultValueFactory = _ => defaults.Batch };
        var spikes = new Option<double>("--spikes") { Description = "Spikes per second of all units together.", DefaultValueFactory = _ => defaults.SpikesPerS };
        var units = new Option<int>("--units") { Description = "Units.", DefaultValueFactory = _ => defaults.Units };
        var window = new Option<double?>("--window-s") { Description = "Length of a window, s; default: the recipe's." };
        var queryStep = new Option<double?>("--query-step-ms") { Description = "POYO: distance of the moments asked about, ms; default: the recipe's." };
        var threads = new Option<int>("--threads") { Description = "Threads that compute.", DefaultValueFactory = _ => defaults.Threads };
        var seconds = new Option<double>("--seconds") { Description = "How long to measure, s.", DefaultValueFactory = _ => defaults.Seconds };
        var noDropout = new Option<bool>("--no-dropout") { Description = "Without the recipe's dropout." };
        var json = new Option<bool>("--json") { Description = "Print the figures as one line of JSON on stdout." };
        var command = new Command("training", "Windows per second that a recipe trains, on random spikes.") { config, batch, spikes, units, window, queryStep, threads, seconds, noDropout, json };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var options = new TrainingBenchmarkOptions
            {
                Batch = (int)OptionRange.Check("--batch", parsed.GetValue(batch), 1, 65_536)!.Value,
                SpikesPerS = OptionRange.Check("--spikes", parsed.GetValue(spikes), 0, 1e7)!.Value,
                Units = (int)OptionRange.Check("--units", parsed.GetValue(units), 1, 100_000)!.Value,
                WindowS = OptionRange.Check("--window-s", parsed.GetValue(window), 1e-3, 600),
                QueryStepMs = OptionRange.Check("--query-step-ms", parsed.GetValue(queryStep), 0.1, OptionRange.LongestMs),
                Threads = (int)OptionRange.Check("--threads", parsed.GetValue(threads), 1, 1024)!.Value,
                Seconds = OptionRange.Check("--seconds", parsed.GetValue(seconds), 0.1, 86_400)!.Value,
                NoDropout = parsed.GetValue(noDropout),
            };
            using var signal = new CancelOnSignal();
            var name = parsed.GetValue(config)!;
            var result = TrainingBenchmark.Run(name, TrainingPresets.ReadWindows(name), options, signal.Token);
            CommandRunner.Screen.MarkupLineInterpolated(
                $"{result.Config}, {result.Threads} threads, {result.Batch} windows of {result.WindowS} s, {result.Spikes} spikes, {result.Units} units, {result.Queries} queries: {result.WindowsPerS:0.0} windows/s (best {result.BestWindowsPerS:0.0}, {result.Steps} steps)");
            if (parsed.GetValue(json)) Console.Out.WriteLine(JsonSerializer.Serialize(result, Json));
            return ExitCode.Ok;
        }));
        return command;
    }
}
