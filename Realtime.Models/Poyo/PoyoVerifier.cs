using Realtime.Models.Kernels;
using Realtime.Models.Transformer;
using Realtime.Models.Verification;

namespace Realtime.Models.Poyo;

/// <summary>Runs POYO against the references of a golden folder.</summary>
public static class PoyoVerifier
{
    private const double Tolerance = 1e-4;

    /// <summary>
    /// The tokeniser where raw spikes are given, then the plain form with every set of kernels this processor has, then the live form
    /// against the plain one where raw spikes are given.
    /// </summary>
    /// <exception cref="ModelFormatException">A file is damaged, lacks a tensor, or contradicts another.</exception>
    public static IReadOnlyList<VerifyCase> Run(GoldenFolder folder)
    {
        var golden = new PoyoGolden(folder);
        var samples = golden.HasRaw ? golden.ReadSamples() : null;
        var cases = new List<VerifyCase>();
        if (samples is not null) cases.Add(Tokens(golden, samples));
        cases.AddRange(KernelSet.Supported.Select(kernels => Plain(golden, folder, kernels)));
        if (samples is not null) cases.AddRange(PoyoLiveVerifier.Run(golden.Weights, samples, Tolerance));
        return cases;
    }

    /// <summary>The live form of a model file against its plain form, on random spikes.</summary>
    /// <exception cref="ModelFormatException">The file is damaged or contradicts itself.</exception>
    public static IReadOnlyList<VerifyCase> Run(ModelFile file) => PoyoModelVerifier.Run(file, Tolerance);

    private static VerifyCase Tokens(PoyoGolden golden, IReadOnlyList<PoyoSample> samples)
    {
        var theirs = golden.Batch;
        var tokenizer = new PoyoTokenizer(golden.Weights.Config);
        var ours = tokenizer.TokenizeBatch(samples, Multiple(theirs.Tokens), Multiple(theirs.Queries));
        return new VerifyCase("poyo tokens",
        [
            ExactComparison.Stage("input_unit_index", ours.InputUnits, theirs.InputUnits),
            ExactComparison.Stage("input_token_type", ours.InputTypes, theirs.InputTypes),
            ExactComparison.Stage("input_timestamps", ours.InputTimes, theirs.InputTimes),
            ExactComparison.Stage("input_mask", ours.InputMask, theirs.InputMask, theirs.InputUnits.Length),
            ExactComparison.Stage("latent_index", ours.LatentIndex, theirs.LatentIndex),
            ExactComparison.Stage("latent_timestamps", ours.LatentTimes, theirs.LatentTimes),
            ExactComparison.Stage("session_index", ours.Sessions, theirs.Sessions),
            ExactComparison.Stage("output_timestamps", ours.OutputTimes, theirs.OutputTimes),
            ExactComparison.Stage("output_mask", ours.OutputMask, theirs.OutputMask, theirs.OutputTimes.Length),
        ]);
    }

    /// <summary>Folders without padding are as good as those that are padded like upstream's batches.</summary>
    private static int Multiple(int length) => length % PoyoTokenizer.PaddingMultiple == 0 ? PoyoTokenizer.PaddingMultiple : 1;

    private static VerifyCase Plain(PoyoGolden golden, GoldenFolder folder, KernelSet kernels)
    {
        // References in float32 come from a model that rounded the queries' angles; without doing so too they cannot be met.
        var precision = ReferencePrecision.Of(folder.Outputs);
        var angles = precision == ReferencePrecision.Double ? QueryAngles.Exact : QueryAngles.Float32;
        var name = $"poyo plain, {kernels.Name}" + (precision == ReferencePrecision.Double ? "" : ", against float32 references");
        var comparison = new StageComparison(folder.Outputs, precision, Tolerance);
        var batch = golden.Batch;
        new PoyoNetwork(golden.Weights, kernels, angles).Forward(batch, (stage, values) =>
        {
            var ofLatents = stage.StartsWith("latents.", StringComparison.Ordinal);
            var width = stage == "pred" ? golden.Weights.Outputs : golden.Weights.Config.Dim;
            comparison.Add(stage, values, [batch.Samples, ofLatents ? batch.Latents : batch.Queries, width], ofLatents ? null : batch.OutputMask);
        });
        comparison.NeedAll("latents.", "queries.", "pred");
        return new VerifyCase(name, comparison.Stages);
    }
}
