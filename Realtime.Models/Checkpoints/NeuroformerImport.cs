using System.Globalization;
using System.Text.RegularExpressions;
using Realtime.Engine.Decoding;
using Realtime.Engine.Text;
using Realtime.Models.Neuroformer;
using Realtime.Models.Transformer;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Checkpoints;

/// <summary>The part of an import that only Neuroformer has. Its checkpoints are bare state dicts; the configuration is the mconf.yaml beside them.</summary>
internal static partial class NeuroformerImport
{
    /// <summary>The tensor that tells a Neuroformer.</summary>
    public const string Anchor = "tok_emb.weight";

    public static ImportedModel Run(ImportContext context)
    {
        var state = context.State;
        state.PassOver(name => Unused().IsMatch(name));
        context.RefuseUnknown("Neuroformer", name => Known().IsMatch(name));
        var shapes = state.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value.Shape, StringComparer.Ordinal);
        var root = GoldenConfig.Of(context.Hyper.Source, "", context.Hyper.ToJson());
        var config = new NeuroformerUpstream(root, shapes, state.File).Read(Frames(context, root));
        var group = Group(context, config);
        var channels = Channels(context, group);
        var session = context.Options.Session ?? Path.GetFileNameWithoutExtension(state.File);

        // Words of the vocabulary are neurons by their number; row 0 is for nothing, as in the other models' tables.
        string[] words = ["NA", .. Enumerable.Range(0, config.Neurons).Select(neuron => neuron.ToString(CultureInfo.InvariantCulture))];
        var (units, rows) = context.Units(words, session, sessions: 1);
        var settings = new NeuroformerSettings
        {
            HyperParameters = config,
            UnitTokens = Array.ConvertAll(rows, row => row - 1),
            Group = group.Name,
            LabelLag = config.WindowCurr,
            FrameLookAhead = config.Frames is null ? 0 : 1,
            OutputSd = context.PerOutput("--output-sd", context.Options.OutputSd, channels.Length),
            OutputMean = context.PerOutput("--output-mean", context.Options.OutputMean, channels.Length),
        };
        context.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"Upstream's labels stand at the current window's start: answers are about {config.WindowCurr * 1e3:0.###} ms before the window's end."));
        if (config.Frames is not null)
            context.Notes.Add("Upstream trains with the frame that is shown after the window's end. Live that frame is not there yet, and the newest one stands for it, which moves answers.");
        if (config.Groups.Any(any => any.HasInputs))
            context.Notes.Add("Input variables cannot influence this network (each is normalised on its own, which leaves a constant); only their presence does.");
        var model = new ModelConfig
        {
            Kind = NeuroformerKind.Name,
            Units = Array.ConvertAll(units, unit => unit.Unit),
            Outputs = channels,
            BinNs = config.CurrNs + config.PrevNs,
            Lags = 1,
            TargetNs = context.Options.TargetNs,
            Training = context.Training(session, channels.Length),
            Settings = SettingsJson.Write(settings),
        };
        var tensors = context.Tensors();

        // Every shape is checked here, also where no decoder of this kind is there to do it.
        NeuroformerWeights.Read(new WeightReader(SafetensorsFile.Parse(new ArrayWeightBytes(SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>())), state.File)), config);
        return context.Finish(model, tensors);
    }

    /// <summary>Frames of a window from the configuration, their size from the user: neither file has it.</summary>
    private static (int Count, int Height, int Width)? Frames(ImportContext context, GoldenConfig root)
    {
        if (!context.State.Names.Any(name => name.StartsWith("video_encoder.", StringComparison.Ordinal))) return null;
        if (context.Options.FrameSize is not { } size)
        {
            throw context.State.Wrong("video_encoder", "reads frames, and neither the checkpoint nor mconf.yaml says how large they are.",
                "Give their height and width in pixels with --frame-size, such as 30x100.");
        }

        var window = root.Object("window").Number("frame");
        var period = root.Given("resolution") && root.Object("resolution").Given("frames") ? root.Object("resolution").Number("frames") : 1 / FrameRate;
        if (Math.Abs(period * FrameRate - 1) > 1e-6) throw root.Object("resolution").Wrong("frames", $"is {period} s; upstream's code takes frames every {1 / FrameRate} s.");
        return ((int)Math.Ceiling(FrameRate * window - 1e-9), size.Height, size.Width);
    }

    private const double FrameRate = 20;

    private static NeuroformerGroup Group(ImportContext context, NeuroformerConfig config)
    {
        var targeted = config.Groups.Where(group => group.Variables.Any(variable => variable.Predict)).ToArray();
        if (context.Options.Task is { } asked)
        {
            return targeted.FirstOrDefault(group => group.Name == asked) ?? throw context.State.Wrong("modality_projection_heads",
                $"has no group '{asked}' of targets{NearestName.Hint(asked, targeted.Select(group => group.Name))}.", "Give one of its groups with --task.");
        }

        if (targeted.Length == 1) return targeted[0];
        throw context.State.Wrong("modality_projection_heads", targeted.Length == 0
            ? "has no targets: the model was trained on spikes alone, and a decoder needs at least one behaviour."
            : $"has {targeted.Length} groups of targets: {string.Join(", ", targeted.Select(group => group.Name))}.",
            targeted.Length == 0 ? "Fine-tune it on behaviour first." : "Say with --task which one shall be decoded.");
    }

    /// <summary>One output for a regression, one for each class of a classification; named by the variables where the user names none.</summary>
    private static OutputChannel[] Channels(ImportContext context, NeuroformerGroup group)
    {
        OutputChannel[] own = [.. group.Variables.Where(variable => variable.Predict).SelectMany(variable => variable.Classes == 0
            ? [new OutputChannel(variable.Name, "1")]
            : Enumerable.Range(0, variable.Classes).Select(index => new OutputChannel(FormattableString.Invariant($"{variable.Name}_{index}"), "1")))];
        return context.Options.Outputs is null ? own : context.Outputs(own.Length);
    }

    // Masks and tables that are computed, and a norm that upstream stores and never uses.
    [GeneratedRegex(@"^((feature_encoder|neural_visual_transformer)\.mask|neural_visual_transformer\.ln_f\.(weight|bias)|frame_3d_emb\.inv_freq|temp_emb(_prev)?\.(div_term|pe)|modality_embeddings\..+\.(temp_emb\.(div_term|pe)|pos_emb\.inv_freq))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Unused();

    [GeneratedRegex(
        """
        ^(
          tok_emb\.weight | pos_emb | pos_emb_prev | (head_id|head_dt|clip\.proj)\.weight
        | temp_emb(_prev)?\.temp_emb\.[02]\.(weight|bias)
        | video_encoder\.(conv_block\.[02]|to_patch_embedding\.1)\.(weight|bias)
        | (feature_encoder\.(neural|frame)_state_blocks|neural_visual_transformer\.(neural_state(_history|_stimulus)?_blocks|modalities_blocks\.[^.]+))\.[0-9]+
          \.(ln1|ln2|ln_f|attn\.(query|key|value|proj)|mlp\.[02])\.(weight|bias)
        | modality_embeddings\.[^.]+\.[^.]+\.mlp\.(ln\.(weight|bias)|mlp\.[02]\.weight)
        | modality_projection_heads\.[^.]+\.[^.]+\.(weight|bias)
        )\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Known();
}
