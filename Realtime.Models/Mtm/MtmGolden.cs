using System.Globalization;
using Realtime.Engine.Text;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Mtm;

/// <summary>A golden folder of an MtM model, read and checked.</summary>
internal sealed class MtmGolden
{
    /// <summary>How config.json's "model" begins.</summary>
    public const string ModelName = "NDT1 as used by MtM";

    // In the order of upstream's table.
    private static readonly string[] Prompts = ["neuron", "causal", "inter-region", "intra-region"];

    private readonly GoldenFolder _folder;

    /// <exception cref="ModelFormatException">The folder's files contradict each other.</exception>
    public MtmGolden(GoldenFolder folder)
    {
        _folder = folder;
        var root = GoldenConfig.Of(folder);
        var described = root.Objects("runs");
        if (described.Count == 0) throw root.Wrong("runs", "holds no run.");
        Runs = [.. described.Select(run => Read(root.Object("config"), run))];
        if (Runs.Select(run => run.Name).Distinct(StringComparer.Ordinal).Count() != Runs.Count) throw root.Wrong("runs", "names a run twice.");
    }

    public IReadOnlyList<MtmRun> Runs { get; }

    private MtmRun Read(GoldenConfig config, GoldenConfig run)
    {
        var (name, inputs) = (run.Text("name"), _folder.Inputs);
        var shape = inputs.Shape($"{name}/spikes_in", 3);
        var hyper = Hyper(config, run.Object("override"));
        MtmConfigCheck.Check(hyper, Path.Combine(_folder.Path, "config.json"));
        var neurons = shape[2];
        if (!hyper.Stitching && neurons != hyper.NChannels)
            throw new ModelFormatException(inputs.Name, $"{name}/spikes_in", $"holds {neurons} neurons, but n_channels is {hyper.NChannels} and stitching is off.", "Export inputs and weights of one model.");
        var weights = MtmWeights.Read(new WeightReader(_folder.Weights), hyper, neurons.ToString(CultureInfo.InvariantCulture), neurons);
        if (hyper.Pos && shape[1] > hyper.MaxF) throw run.Wrong("T", $"gives {shape[1]} bins, but max_F is {hyper.MaxF}.");
        var batch = new MtmBatch(shape[0], shape[1], neurons)
        {
            Prompt = Prompt(run),
            Mask = new MtmMask(run.Whole("context_forward"), run.Whole("context_backward"), !run.Flag("strict_prefix")),
            SessionRow = hyper.UseSession ? Row(run, hyper.NSessions) : 0,
        };
        Finite($"{name}/spikes_in", shape).CopyTo(batch.Counts, 0);
        var valid = inputs.Indices($"{name}/time_attn_mask", 2, shape[0], shape[1]);
        for (var i = 0; i < valid.Length; i++) batch.Valid[i] = valid[i] == 1;
        var scored = inputs.Mask($"{name}/eval_mask", shape) ?? throw new ModelFormatException(inputs.Name, $"{name}/eval_mask", "the tensor is missing.", "Export which entries are scored.");
        return new MtmRun(name, weights, batch, Finite($"{name}/spikes", shape), scored);
    }

    private float[] Finite(string tensor, int[] shape) => Array.ConvertAll(_folder.Inputs.Times(tensor, shape), value => (float)value);

    private static MtmPrompt Prompt(GoldenConfig run)
    {
        var prompt = run.Text("mode_prompt");
        var row = Array.IndexOf(Prompts, prompt);
        return row >= 0 ? (MtmPrompt)row : throw run.Wrong("mode_prompt", $"is '{prompt}'{NearestName.Hint(prompt, Prompts)}; one of {string.Join(", ", Prompts)} is due.");
    }

    private static int Row(GoldenConfig run, int rows)
    {
        var row = run.Whole("session_index");
        return row >= 0 && row < rows ? row : throw run.Wrong("session_index", $"is {row}; the session table has {rows} rows.");
    }

    /// <summary>The folder's values, with those that a run changes.</summary>
    private static MtmConfig Hyper(GoldenConfig config, GoldenConfig changes)
    {
        var useSession = Of("use_session").Flag("use_session");
        return new()
        {
            Stitching = Of("stitching").Flag("stitching"),
            NChannels = Of("n_channels").Whole("n_channels"),
            Mult = Of("mult").Whole("mult"),
            MaxF = Of("max_F").Whole("max_F"),
            Pos = Of("pos").Flag("pos"),
            EmbedScale = Of("embed_scale").Number("embed_scale"),
            UsePrompt = Of("use_prompt").Flag("use_prompt"),
            UseSession = useSession,
            NSessions = useSession ? Of("n_sessions").Whole("n_sessions") : 1,
            NLayers = Of("n_layers").Whole("n_layers"),
            HiddenSize = Of("hidden_size").Whole("hidden_size"),
            NHeads = Of("n_heads").Whole("n_heads"),
            InterSize = Of("inter_size").Whole("inter_size"),
            UseRope = Of("use_rope").Flag("use_rope"),
            RopeTheta = Of("rope_theta").Number("rope_theta"),
        };

        GoldenConfig Of(string key) => changes.Has(key) ? changes : config;
    }
}
