using System.Diagnostics;
using Realtime.Engine.Numerics;
using Realtime.Models.Possm;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;

namespace Realtime.Host.Benchmarks;

/// <summary>Windows per second that a recipe trains on random spikes. The data are ready before the clock runs.</summary>
internal static class TrainingBenchmark
{
    private const int Outputs = 2;
    private const int FewestSteps = 3;

    public static TrainingBenchmarkResult Run(string name, TrainingRecipe recipe, TrainingBenchmarkOptions options, CancellationToken cancellation)
    {
        recipe = recipe with
        {
            BatchWindows = options.Batch,
            Dropout = options.NoDropout ? new DropoutRates() : recipe.Dropout,
            QueryStepMs = options.QueryStepMs ?? recipe.QueryStepMs,
            Poyo = options.WindowS is { } poyoS ? recipe.Poyo with { SequenceLength = poyoS } : recipe.Poyo,
            Possm = options.WindowS is { } possmS ? recipe.Possm with { SequenceLength = possmS } : recipe.Possm,
        };
        recipe.Check();
        var random = new PortableRandom(options.Seed, 0);
        TrainingWindow[] windows = [.. Enumerable.Range(0, options.Batch).Select(_ => Window(recipe, options, random))];
        using var load = new TrainingLoad(recipe, options.Units, Outputs, windows, options.Threads);
        var loss = load.Step();
        var seconds = new List<double>();
        for (var start = Stopwatch.GetTimestamp(); seconds.Count < FewestSteps || Stopwatch.GetElapsedTime(start).TotalSeconds < options.Seconds;)
        {
            cancellation.ThrowIfCancellationRequested();
            var at = Stopwatch.GetTimestamp();
            loss = load.Step();
            seconds.Add(Stopwatch.GetElapsedTime(at).TotalSeconds);
        }

        seconds.Sort();
        return new TrainingBenchmarkResult
        {
            Config = name,
            Threads = options.Threads,
            Batch = options.Batch,
            Spikes = (int)Math.Round(options.SpikesPerS * recipe.WindowS),
            Units = options.Units,
            Queries = windows[0].QueryTimes.Length,
            WindowS = recipe.WindowS,
            Dropout = !options.NoDropout,
            Steps = seconds.Count,
            Loss = loss,
            WindowsPerS = options.Batch / seconds[seconds.Count / 2],
            BestWindowsPerS = options.Batch / seconds[0],
        };
    }

    private static TrainingWindow Window(TrainingRecipe recipe, TrainingBenchmarkOptions options, PortableRandom random)
    {
        var length = recipe.WindowS;
        var spikes = (int)Math.Round(options.SpikesPerS * length);
        var step = recipe.Kind == PossmRandom.Kind ? recipe.Possm.BinWidth : recipe.QueryStepMs / 1e3;
        var queries = Math.Max(1, (int)Math.Round(length / step));
        return new TrainingWindow
        {
            Length = length,
            SessionRow = 1,
            UnitRows = [.. Enumerable.Range(1, options.Units)],
            SpikeUnits = [.. Enumerable.Range(0, spikes).Select(_ => random.Below(options.Units))],
            SpikeTimes = [.. Enumerable.Range(0, spikes).Select(_ => random.Uniform(0, length)).Order()],
            QueryTimes = [.. Enumerable.Range(1, queries).Select(query => query * length / queries)],
            Targets = [.. Enumerable.Range(0, queries * Outputs).Select(_ => (float)random.Normal())],
            QueryWeights = [.. Enumerable.Repeat(1f, queries)],
        };
    }
}
