using System.Globalization;
using System.Text.Json;
using Realtime.Models.Kernels;
using Realtime.Models.Verification;

namespace Realtime.Models.Neuroformer;

/// <summary>Runs the tokeniser and greedy generation against a folder of generated spikes: counts, the tokens of each window, and what upstream generated in both modes.</summary>
internal static class NeuroformerGenerationVerifier
{
    private const string Next = "Export the folder again.";
    private const double LogitTolerance = 1e-4;
    private const double PredictionTolerance = 2e-5;

    private static readonly (string Name, NeuroformerPastMode Mode)[] Modes = [("default", NeuroformerPastMode.Default), ("true_past", NeuroformerPastMode.TruePast)];

    /// <exception cref="ModelFormatException">A file is damaged, lacks a tensor, or contradicts another.</exception>
    public static IReadOnlyList<VerifyCase> Run(NeuroformerGolden golden, GoldenFolder folder)
    {
        var results = GoldenConfig.Of(folder).Object("results");
        var ends = results.Object(Modes[0].Name).Objects("windows").Select(window => window.Number("interval_end_s")).ToArray();
        var windows = Windows(golden, folder, ends);
        var cases = new List<VerifyCase> { Tokens(golden, folder, windows) };
        foreach (var kernels in KernelSet.Supported)
            foreach (var (name, mode) in Modes) cases.Add(Generated(golden, folder, windows, results.Object(name), name, mode, kernels));
        return cases;
    }

    private static NeuroformerGenerationWindow[] Windows(NeuroformerGolden golden, GoldenFolder folder, double[] ends)
    {
        var config = golden.Config;
        var shape = folder.Inputs.Shape("spikes", 2);
        if (shape[0] != config.Neurons)
        {
            throw new ModelFormatException(folder.Inputs.Name, "spikes", $"has {shape[0]} neurons, but the vocabulary has {config.Neurons}.",
                "Take the recording that the model was trained for, or choose as many units as it knows.");
        }

        var counts = folder.Inputs.Indices("spikes", int.MaxValue, shape[0], shape[1]);
        var tokenizer = new NeuroformerTokenizer(config);
        return Array.ConvertAll(ends, end =>
        {
            var columns = tokenizer.Columns(end);
            return new NeuroformerGenerationWindow
            {
                FirstBin = columns.First,
                Current = tokenizer.Spikes(counts, shape[1], columns.First, columns.End),
                Past = tokenizer.Spikes(counts, shape[1], columns.PastFirst, columns.First),
            };
        });
    }

    private static VerifyCase Tokens(NeuroformerGolden golden, GoldenFolder folder, NeuroformerGenerationWindow[] windows)
    {
        var tokenizer = new NeuroformerTokenizer(golden.Config);
        var stages = new List<VerifyStage>();
        foreach (var (index, window) in windows.Index())
        {
            var current = tokenizer.Sequence([.. window.Current], golden.Config.BlockId);
            var past = tokenizer.Sequence([.. window.Past], golden.Config.BlockPrevId);
            var targets = current.Targets;
            foreach (var (name, ours) in ((string, int[])[])[
                ("id", current.Ids[..^1]), ("dt", current.Times[..^1]), ("pad", [current.Pad]), ("id_prev", past.Ids[..^1]), ("dt_prev", past.Times[..^1]), ("pad_prev", [past.Pad]),
                ("target_id", targets.Ids), ("target_dt", targets.Times)])
            {
                var tensor = string.Create(CultureInfo.InvariantCulture, $"{index}.{name}");
                stages.Add(ExactComparison.Stage(tensor, ours, Longs(folder.Inputs, tensor)));
            }
        }

        return new VerifyCase("neuroformer tokens", stages);
    }

    private static VerifyCase Generated(
        NeuroformerGolden golden, GoldenFolder folder, NeuroformerGenerationWindow[] windows, GoldenConfig results, string name, NeuroformerPastMode mode, KernelSet kernels)
    {
        var generator = new NeuroformerGenerator(golden.Weights, mode, kernels: kernels);
        var stages = new List<VerifyStage>();
        var recorded = new List<(int Neuron, int Time)>();
        foreach (var (index, window) in windows.Index())
        {
            var ours = generator.Next(window);
            recorded.AddRange(ours.Recorded);
            var prefix = string.Create(CultureInfo.InvariantCulture, $"{name}.{index}.");
            stages.Add(Exact("id_prev", ours.Window.PastIds));
            stages.Add(Exact("dt_prev", Array.ConvertAll(ours.Window.PastTimes, time => (int)time)));
            Close("id_logits", ours.IdLogits, LogitTolerance);
            Close("dt_logits", ours.DtLogits, LogitTolerance);
            stages.Add(Exact("id_tokens", ours.Ids));
            stages.Add(Exact("dt_tokens", ours.Times));
            var (variable, prediction) = golden.Config.Groups.SelectMany((group, g) => group.Variables.Select((v, i) => (v.Name, ours.Before.Predictions[g][i]))).FirstOrDefault(pair => pair.Item2.Length > 0);
            if (variable is not null && folder.Outputs.Tensors.ContainsKey($"{prefix}{variable}_before_generation"))
                Close($"{variable}_before_generation", prediction, PredictionTolerance);

            VerifyStage Exact(string stage, int[] tokens) => ExactComparison.Stage(prefix + stage, tokens, Longs(folder.Outputs, prefix + stage));

            void Close(string stage, float[] values, double tolerance)
            {
                // Another number of tokens is a failure of its own, not a damaged file.
                var info = folder.Outputs.Info(prefix + stage);
                if (info.Count != values.Length)
                {
                    stages.Add(new VerifyStage(prefix + stage, double.PositiveInfinity, tolerance));
                    return;
                }

                var comparison = new StageComparison(folder.Outputs, "", tolerance);
                comparison.Add(prefix + stage, values, [.. info.Shape], null);
                stages.AddRange(comparison.Stages);
            }
        }

        stages.Add(ExactComparison.Stage("returned_ID", recorded.Select(spike => spike.Neuron).ToArray(), results.Elements("returned_ID").Select(Whole).ToArray()));
        stages.Add(ExactComparison.Stage("returned_dt", recorded.Select(spike => spike.Time).ToArray(), results.Elements("returned_dt").Select(Token).ToArray()));
        return new VerifyCase($"neuroformer generation, {name}, {kernels.Name}", stages);

        int Whole(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value)
            ? value
            : throw results.Wrong("returned_ID", $"holds {element.GetRawText()}; a whole number is due.");

        // Upstream gives seconds, or the word of a token that is no time.
        int Token(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Number => (int)Math.Round(element.GetDouble() / golden.Config.ResolutionDt),
            JsonValueKind.String when Array.IndexOf(["SOS", "EOS", "PAD"], element.GetString()) is >= 0 and var word => golden.Config.DtBins + word,
            _ => throw results.Wrong("returned_dt", $"holds {element.GetRawText()}; seconds, SOS, EOS or PAD are due."),
        };
    }

    private static int[] Longs(Weights.SafetensorsFile file, string tensor) => Array.ConvertAll(file.Longs(tensor), value =>
        value is >= 0 and <= int.MaxValue ? (int)value : throw new ModelFormatException(file.Name, tensor, $"holds {value}, which is no token.", Next));
}
