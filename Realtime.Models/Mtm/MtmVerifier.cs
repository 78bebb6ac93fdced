using Realtime.Models.Kernels;
using Realtime.Models.Verification;

namespace Realtime.Models.Mtm;

/// <summary>Runs MtM against the references of a golden folder.</summary>
public static class MtmVerifier
{
    // Absolute plus relative, as the references allow a float32 form.
    private const double Tolerance = 5e-5;

    /// <summary>
    /// Each run of the folder through the plain form, stage by stage, with every set of kernels this processor has; and bin by bin through the live
    /// form where the run is causal.
    /// </summary>
    /// <exception cref="ModelFormatException">A file is damaged, lacks a tensor, or contradicts another.</exception>
    public static IReadOnlyList<VerifyCase> Run(GoldenFolder folder)
    {
        var golden = new MtmGolden(folder);
        var cases = new List<VerifyCase>();
        foreach (var run in golden.Runs)
        {
            foreach (var kernels in KernelSet.Supported) cases.Add(Plain(folder, run, kernels));
            foreach (var kernels in KernelSet.Supported) cases.AddRange(MtmGoldenReplay.Run(folder, run, MaskName(run), kernels, Tolerance));
        }

        return cases;
    }

    /// <summary>The live form of a model file against its plain form, on random spikes with lost bins.</summary>
    /// <exception cref="ModelFormatException">The file cannot be loaded.</exception>
    public static IReadOnlyList<VerifyCase> Run(ModelFile file) => MtmModelVerifier.Run(file);

    private static VerifyCase Plain(GoldenFolder folder, MtmRun run, KernelSet kernels)
    {
        var (config, batch) = (run.Weights.Config, run.Batch);
        var rows = config.Prefix + batch.Bins;
        var comparison = new StageComparison(folder.Outputs, $"{run.Name}/f64/", Tolerance, relative: true);
        var output = new MtmNetwork(run.Weights, kernels).Forward(batch, (stage, values) =>
        {
            if (stage == "stitched") comparison.Add(stage, values, [batch.Samples, batch.Bins, config.NChannels], null);
            else if (stage == "log_rates") comparison.Add(stage, values, [batch.Samples, batch.Bins, batch.Neurons], null);
            else comparison.Add(stage, values, [batch.Samples, rows, config.HiddenSize], null);
        });
        var logRates = Array.ConvertAll(output.LogRates, value => (double)value);
        var rates = Array.ConvertAll(logRates, Math.Exp);
        comparison.Add("rates", Array.ConvertAll(rates, rate => (float)rate), [batch.Samples, batch.Bins, batch.Neurons], null);
        comparison.NeedAll("stitched", "embed", "layer", "out_norm");
        List<VerifyStage> stages = [Mask(folder, run, rows), .. comparison.Stages, .. Scores(folder, run, logRates, rates)];
        return new VerifyCase($"mtm plain {run.Name} ({MaskName(run)}), {kernels.Name}", stages);
    }

    /// <summary>Says whose mask it is, since the two give different answers.</summary>
    private static string MaskName(MtmRun run)
    {
        var mask = run.Batch.Mask;
        if (mask.Forward != 0) return "bidirectional";
        return run.Weights.Config.Prefix == 0 ? "causal" : mask.PrefixSeesBins ? "upstream's causal mask, prefix sees the future" : "strict causal mask";
    }

    private static VerifyStage Mask(GoldenFolder folder, MtmRun run, int rows)
    {
        var batch = run.Batch;
        var ours = new bool[batch.Samples * rows * rows];
        for (var sample = 0; sample < batch.Samples; sample++)
            for (var row = 0; row < rows; row++)
                for (var other = 0; other < rows; other++)
                    ours[(sample * rows + row) * rows + other] = batch.Mask.Sees(row, other, run.Weights.Config.Prefix, batch.Valid.AsSpan(sample * batch.Bins, batch.Bins));
        var theirs = folder.Outputs.Mask($"{run.Name}/attn_mask", batch.Samples, rows, rows)
            ?? throw new ModelFormatException(folder.Outputs.Name, $"{run.Name}/attn_mask", "the tensor is missing.", "Export the attention mask of the run.");
        return ExactComparison.Stage("attn_mask", ours, theirs, ours.Length);
    }

    private static IEnumerable<VerifyStage> Scores(GoldenFolder folder, MtmRun run, double[] logRates, double[] rates)
    {
        var (outputs, neurons) = (folder.Outputs, run.Batch.Neurons);
        yield return Number("masked_poisson_nll_sum", PoissonScores.LossSum(logRates, run.Counts, run.Scored));
        var count = outputs.Times($"{run.Name}/f64/masked_count", 1)[0];
        yield return new VerifyStage("masked_count", Math.Abs(run.Scored.Count(scored => scored) - count), 0);
        outputs.NeedShape($"{run.Name}/f64/bits_per_spike", neurons);
        var theirs = outputs.Doubles($"{run.Name}/f64/bits_per_spike");
        var ours = Enumerable.Range(0, neurons).Select(neuron => PoissonScores.BitsPerSpike(rates, run.Counts, run.Scored, neurons, neuron)).ToArray();

        // NaN stands where nothing is scored, and must stand in both.
        var largest = theirs.Zip(ours).Max(pair => double.IsNaN(pair.First) && double.IsNaN(pair.Second) ? 0 : StageComparison.RelativeDifference(pair.Second, pair.First));
        yield return new VerifyStage("bits_per_spike", ours.Zip(theirs).Any(pair => double.IsNaN(pair.First) != double.IsNaN(pair.Second)) ? double.NaN : largest, Tolerance);

        VerifyStage Number(string stage, double value) =>
            new(stage, StageComparison.RelativeDifference(value, outputs.Times($"{run.Name}/f64/{stage}", 1)[0]), Tolerance);
    }
}
