using System.Globalization;
using Realtime.Models.Kernels;
using Realtime.Models.Verification;

namespace Realtime.Models.Neuroformer;

/// <summary>Runs Neuroformer against the references of a golden folder.</summary>
public static class NeuroformerVerifier
{
    private const string Double = "f64.";
    private const double LogitTolerance = 1e-4;
    private const double PredictionTolerance = 2e-5;

    // Upstream's own float32 run is up to 7.8e-6 from its double run; references of the stages between are float32.
    private const double StageTolerance = 5e-5;

    // NB: upstream normalises one number, which leaves noise of this size in the reference.
    private const double InputTolerance = 1e-4;
    private const double LossTolerance = 1e-5;

    /// <summary>
    /// The plain form with every set of kernels this processor has, each stage against its reference, in double where there is one; or, where the
    /// folder holds generated spikes, the tokeniser and generation.
    /// </summary>
    /// <exception cref="ModelFormatException">A file is damaged, lacks a tensor, or contradicts another.</exception>
    public static IReadOnlyList<VerifyCase> Run(GoldenFolder folder)
    {
        var golden = new NeuroformerGolden(folder);
        return folder.Inputs.Tensors.ContainsKey("spikes") && !folder.Inputs.Tensors.ContainsKey("id")
            ? NeuroformerGenerationVerifier.Run(golden, folder)
            : [.. KernelSet.Supported.Select(kernels => Plain(golden, folder, kernels))];
    }

    private static VerifyCase Plain(NeuroformerGolden golden, GoldenFolder folder, KernelSet kernels)
    {
        var outputs = folder.Outputs;
        var (windows, config) = (golden.ReadWindows(), golden.Config);
        var stages = new List<VerifyStage>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var asked = outputs.Tensors.Keys.Any(name => name.StartsWith("attn.", StringComparison.Ordinal));
        var output = new NeuroformerNetwork(golden.Weights, kernels).Forward(windows, Compare, asked ? CompareAttention : null);
        CompareLosses(golden, output, Loss);
        var missed = outputs.Tensors.Keys.Where(name => !seen.Contains(Bare(name))).Min(StringComparer.Ordinal);
        if (missed is not null)
        {
            throw new ModelFormatException(outputs.Name, missed, "is a stage that the configured model does not have, or its inputs are missing.",
                "Check that the configuration, the inputs and the outputs are of one run.");
        }

        return new VerifyCase($"neuroformer plain, {kernels.Name}", stages);

        void Compare(string stage, ReadOnlySpan<float> values)
        {
            seen.Add(stage);
            var name = outputs.Tensors.ContainsKey(Double + stage) ? Double + stage : stage;
            if (!outputs.Tensors.TryGetValue(name, out var info)) return;
            if (info.Count != values.Length)
            {
                throw new ModelFormatException(outputs.Name, name, $"has shape {info.ShapeText}; the inputs and the configuration give {values.Length} numbers.",
                    "Export inputs and outputs of one run.");
            }

            // The reference's own axes: a convolution's result has one more than the engine's.
            var comparison = new StageComparison(outputs, name[..^stage.Length], Tolerance(stage, config));
            comparison.Add(stage, values, [.. info.Shape], null);
            stages.AddRange(comparison.Stages);
        }

        void CompareAttention(string stage, ReadOnlySpan<float> values)
        {
            Compare(stage, values);
            if (stage == string.Create(CultureInfo.InvariantCulture, $"attn.history.{config.HistoryLayers - 1}")) Compare("attn.history.last", values);
            if (stage == string.Create(CultureInfo.InvariantCulture, $"attn.state.{config.StateLayers - 1}")) Compare("attn.state.last", values);
        }

        void Loss(string name, double value)
        {
            seen.Add($"loss.{name}");
            var reference = $"{Double}loss.{name}";
            if (!outputs.Tensors.ContainsKey(reference)) reference = $"loss.{name}";
            if (outputs.Tensors.ContainsKey(reference)) stages.Add(new VerifyStage($"loss.{name}", Math.Abs(outputs.Doubles(reference)[0] - value), LossTolerance));
        }
    }

    private static string Bare(string name) => name.StartsWith(Double, StringComparison.Ordinal) ? name[Double.Length..] : name;

    private static double Tolerance(string stage, NeuroformerConfig config) =>
        stage.StartsWith("logits.", StringComparison.Ordinal) ? LogitTolerance
        : stage.StartsWith("pred.", StringComparison.Ordinal) ? PredictionTolerance
        : config.Groups.Any(group => stage == $"embed.{group.Name}") ? InputTolerance
        : StageTolerance;

    private static void CompareLosses(NeuroformerGolden golden, NeuroformerOutput output, Action<string, double> compare)
    {
        var config = golden.Config;
        if (golden.ReadTargets() is { } targets)
        {
            compare("id", NeuroformerLosses.IdWeight * NeuroformerLosses.CrossEntropy(output.IdLogits, targets.Ids, config.IdWords, config.Pad));
            compare("time", NeuroformerLosses.TimeWeight * NeuroformerLosses.CrossEntropy(output.DtLogits, targets.Times, config.DtWords, config.DtPad));
        }

        if (output.Contrast.Count > 0) compare("clip", NeuroformerLosses.ContrastWeight * NeuroformerLosses.Contrast(output.Contrast, output.Windows, config.ClipTemp));
        for (var group = 0; group < config.Groups.Count; group++)
        {
            for (var index = 0; index < config.Groups[group].Variables.Count; index++)
            {
                var variable = config.Groups[group].Variables[index];
                if (!variable.Predict || golden.ReadTarget(config.Groups[group], variable) is not { } target) continue;
                var prediction = output.Predictions[group][index];
                compare(variable.Name, variable.Classes == 0
                    ? NeuroformerLosses.Squared(prediction, target)
                    : NeuroformerLosses.CrossEntropy(prediction, Array.ConvertAll(target, value => (int)value), variable.Classes));
            }
        }
    }
}
