using Realtime.Models.Kernels;
using Realtime.Models.Verification;

namespace Realtime.Models.Possm;

/// <summary>Runs POSSM against the references of a golden folder.</summary>
public static class PossmVerifier
{
    private const double Tolerance = 1e-4;
    private const string AsRun = "f64.";
    private const string Strict = "strict.f64.";
    private const string Late = "late.f64.";

    /// <summary>
    /// The tokeniser and the live form where raw spikes are given, and the plain form; each with every set of kernels this processor has,
    /// against what references there are: as run, strict, and the late revision.
    /// </summary>
    /// <exception cref="ModelFormatException">A file is damaged, lacks a tensor, or contradicts another; or there are no references in double.</exception>
    public static IReadOnlyList<VerifyCase> Run(GoldenFolder folder)
    {
        var golden = new PossmGolden(folder);
        var samples = golden.HasRaw ? golden.ReadSamples() : null;
        var runs = Runs(golden, folder).ToArray();
        if (runs.Length == 0)
        {
            // NB: upstream's float32 rounds angles, which moves predictions by up to 4e-3: no reference for a form that does not.
            throw new ModelFormatException(folder.Outputs.Name, "", $"holds no tensors whose names begin with {AsRun}, {Strict} or {Late}",
                "Run the model in double and export its stages under these names.");
        }

        var cases = new List<VerifyCase>();
        if (samples is not null) cases.Add(Tokens(golden, samples));
        foreach (var run in runs)
        {
            foreach (var kernels in KernelSet.Supported) cases.Add(Plain(golden, folder, run, kernels));
            if (samples is null) continue;
            foreach (var kernels in KernelSet.Supported)
            {
                if (Live(golden, folder, samples, run, kernels) is { } live) cases.Add(live);
            }
        }

        return cases;
    }

    /// <summary>The live form of a model file against its plain form, on random spikes.</summary>
    /// <exception cref="ModelFormatException">The file cannot be loaded.</exception>
    public static IReadOnlyList<VerifyCase> Run(ModelFile file) => PossmModelVerifier.Run(file, Tolerance);

    private static IEnumerable<VerifyRun> Runs(PossmGolden golden, GoldenFolder folder)
    {
        if (Has(AsRun)) yield return new VerifyRun("as run", AsRun, golden.Weights, PossmMask.AsRun);
        if (Has(Strict)) yield return new VerifyRun("strict", Strict, golden.Weights, PossmMask.Strict);
        if (!Has(Late)) yield break;
        yield return new VerifyRun("late", Late, golden.LateWeights ?? throw new ModelFormatException(folder.Outputs.Name, "late.dec_rotary_emb.omega", "the tensor is missing.",
            "Export the late decoder's frequencies with its predictions."), PossmMask.Strict);

        bool Has(string prefix) => folder.Outputs.Tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static VerifyCase Tokens(PossmGolden golden, IReadOnlyList<PossmSample> samples)
    {
        var theirs = golden.Batch;
        var ours = PossmTokenizer.Tokenize(golden.Weights.Config, samples);
        List<VerifyStage> stages =
        [
            ExactComparison.Stage("spike_unit_index", ours.UnitRows, theirs.UnitRows),
            ExactComparison.Stage("spike_type", ours.TokenTypes, theirs.TokenTypes),
            ExactComparison.Stage("spike_timestamps", ours.TokenTimes, theirs.TokenTimes),
            ExactComparison.Stage("input_mask", ours.InputMask, theirs.InputMask, theirs.InputMask.Length),
            ExactComparison.Stage("n_intervals", ours.ChunkCounts, theirs.ChunkCounts),
            ExactComparison.Stage("output_session_index", ours.SessionRows, theirs.SessionRows),
            ExactComparison.Stage("output_decoder_index", ours.TaskIds, theirs.TaskIds),
            ExactComparison.Stage("output_timestamps", ours.QueryTimes, theirs.QueryTimes),
            ExactComparison.Stage("output_bin_index", ours.QueryChunks, theirs.QueryChunks),
            ExactComparison.Stage("output_mask", ours.QueryMask, theirs.QueryMask, theirs.QueryMask.Length),
        ];

        // A folder without a strict mask has the model's own mask in its place.
        if (!theirs.TokenMask.AsSpan().SequenceEqual(theirs.InputMask)) stages.Add(ExactComparison.Stage("token_mask", ours.TokenMask, theirs.TokenMask, theirs.TokenMask.Length));
        if (!golden.HasLatentsByHand)
        {
            stages.Add(ExactComparison.Stage("latent_index", ours.LatentRows, theirs.LatentRows));
            stages.Add(ExactComparison.Stage("latent_timestamps", ours.LatentTimes, theirs.LatentTimes));
        }

        return new VerifyCase("possm tokens", stages);
    }

    private static VerifyCase Plain(PossmGolden golden, GoldenFolder folder, VerifyRun run, KernelSet kernels)
    {
        var (batch, config) = (golden.Batch, golden.Weights.Config);
        var comparison = new StageComparison(folder.Outputs, run.Prefix, Tolerance);
        var realChunks = Enumerable.Range(0, batch.Samples * batch.Chunks).Select(row => row % batch.Chunks < batch.ChunkCounts[row / batch.Chunks]).ToArray();
        var realLatents = Enumerable.Range(0, realChunks.Length * batch.Latents).Select(row => realChunks[row / batch.Latents]).ToArray();
        var predictions = new PossmNetwork(run.Weights, kernels).Forward(batch, run.Mask, golden.Tasks, (stage, values) =>
        {
            if (!folder.Outputs.Tensors.ContainsKey(run.Prefix + stage)) return;
            if (stage.StartsWith("latents.", StringComparison.Ordinal)) comparison.Add(stage, values, [batch.Samples, batch.Chunks, batch.Latents, config.Dim], realLatents);
            else if (stage.StartsWith("gru.", StringComparison.Ordinal)) comparison.Add(stage, values, [batch.Samples, batch.Chunks, config.RnnDim], realChunks);
            else comparison.Add(stage, values, [batch.Samples, batch.Queries, config.Dim], batch.QueryMask);
        });
        foreach (var (index, task) in golden.Tasks.Index())
        {
            // References may leave out tasks that nothing asks for.
            var asked = Enumerable.Range(0, batch.QueryMask.Length).Select(query => batch.QueryMask[query] && batch.TaskIds[query] == index + 1).ToArray();
            if (asked.Contains(true)) comparison.Add($"pred.{task}", predictions[task], [batch.Samples, batch.Queries, golden.Weights.Readouts[task].Outputs], asked);
        }

        comparison.NeedAll("latents.", "gru.", "queries.");
        return new VerifyCase($"possm plain {run.Name}, {kernels.Name}", comparison.Stages);
    }

    /// <summary>The live form on the raw spikes; null when no query sits where it can ask.</summary>
    private static VerifyCase? Live(PossmGolden golden, GoldenFolder folder, IReadOnlyList<PossmSample> samples, VerifyRun run, KernelSet kernels)
    {
        var stages = new List<VerifyStage>();
        foreach (var (index, task) in golden.Tasks.Index())
        {
            if (!folder.Outputs.Tensors.ContainsKey($"{run.Prefix}pred.{task}")) continue;
            var reference = folder.Outputs.Doubles($"{run.Prefix}pred.{task}");
            double? largest = null;
            for (var sample = 0; sample < samples.Count; sample++)
            {
                if (LiveReplay.LargestDifference(run, samples[sample], task, index + 1, golden.Batch, sample, reference, kernels) is { } difference)
                    largest = double.IsNaN(difference) || largest is null || difference > largest ? difference : largest;
            }

            if (largest is { } found) stages.Add(new VerifyStage($"pred.{task}", found, Tolerance));
        }

        return stages.Count == 0 ? null : new VerifyCase($"possm live {run.Name}, {kernels.Name}", stages);
    }
}
