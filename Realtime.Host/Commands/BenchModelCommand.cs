using System.CommandLine;
using Realtime.Host.Benchmarks;
using Realtime.Models;
using Realtime.Models.Transformer;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode bench model</c>: the time of one tick of a model.</summary>
internal static class BenchModelCommand
{
    private const double MostSpikesPerS = 10_000_000;
    private const int MostUnits = 100_000;
    private const double LongestS = 86_400;

    public static Command Create()
    {
        var config = new Option<string>("--config")
        {
            Description = $"{string.Join(", ", RandomModels.Names)}, a *{ModelFile.Extension}, or hyper-parameters in *.json or *.yaml.",
            Required = true,
        };
        var spikes = new Option<double>("--spikes") { Description = "Spikes per second of all units together.", DefaultValueFactory = _ => new ModelBenchmarkOptions().SpikesPerS };
        var units = new Option<int?>("--units") { Description = $"Units of a model of random weights; default {BenchmarkModel.DefaultUnits}." };
        var threads = new Option<int>("--threads") { Description = "Threads that compute, 1 or 2.", DefaultValueFactory = _ => 1 };
        var computeCpu = new Option<int?>("--compute-cpu") { Description = "Core of the second thread, from 0; default: any." };
        var hopMs = new Option<double?>("--hop-ms") { Description = "Distance of two ticks, ms; default: 25 for POYO, the chunk for POSSM, the current window for Neuroformer, else the model's bin." };
        var seconds = new Option<double>("--seconds") { Description = "How long to measure, s.", DefaultValueFactory = _ => new ModelBenchmarkOptions().Seconds };
        var ticks = new Option<int?>("--ticks") { Description = "How many ticks to measure, in place of --seconds." };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the spikes.", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Print the figures as one line of JSON on stdout (docs/commands.md)." };
        var command = new Command("model", "Time of one tick of a model, in steady state, on random spikes.")
        {
            config, spikes, units, threads, computeCpu, hopMs, seconds, ticks, seed, json,
        };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var options = new ModelBenchmarkOptions
            {
                SpikesPerS = OptionRange.Check("--spikes", parsed.GetValue(spikes), 0, MostSpikesPerS)!.Value,
                HopMs = OptionRange.Check("--hop-ms", parsed.GetValue(hopMs), 1, OptionRange.LongestMs),
                Threads = (int)OptionRange.Check("--threads", parsed.GetValue(threads), 1, 2)!.Value,
                ComputeCpu = (int?)OptionRange.Check("--compute-cpu", parsed.GetValue(computeCpu), 0, 1023),
                Seconds = OptionRange.Check("--seconds", parsed.GetValue(seconds), 0.1, LongestS)!.Value,
                Ticks = (int?)OptionRange.Check("--ticks", parsed.GetValue(ticks), 1, int.MaxValue),
                Seed = parsed.GetValue(seed),
            };
            var unitCount = (int?)OptionRange.Check("--units", parsed.GetValue(units), 1, MostUnits);
            using var signal = new CancelOnSignal();
            var name = parsed.GetValue(config)!;
            using var model = BenchmarkModel.Find(name, unitCount);
            var result = ModelBenchmark.Run(name, model, options, signal.Token);
            BenchmarkView.Show(CommandRunner.Screen, result);
            if (parsed.GetValue(json)) Console.Out.WriteLine(BenchmarkJson.Serialize(result));
            return ExitCode.Ok;
        }));
        return command;
    }
}
