using System.Text.Json;
using System.Text.RegularExpressions;
using Realtime.Engine.Text;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer;

/// <summary>
/// Reads upstream's configuration of a model (mconf.yaml, or the same as JSON) beside its tensors. Where both speak, the tensors are right about
/// counts (upstream's constructor does not keep all of its configuration), and the configuration must not contradict the others.
/// </summary>
internal sealed partial class NeuroformerUpstream
{
    private static readonly string[] OtherBodies = ["mlp_only", "gru_only", "gru2_only"];

    private readonly GoldenConfig _config;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<long>> _shapes;
    private readonly string _weights;

    /// <param name="config">The object that holds n_embd, block_size, layers, ...</param>
    /// <param name="shapes">Shapes of the tensors by name.</param>
    /// <param name="weights">The weights' file, for messages.</param>
    public NeuroformerUpstream(GoldenConfig config, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string weights)
    {
        _config = config;
        _shapes = shapes;
        _weights = weights;
    }

    /// <summary>Shapes of a file's tensors by name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes(SafetensorsFile file) =>
        file.Tensors.Values.ToDictionary(info => info.Name, info => info.Shape, StringComparer.Ordinal);

    /// <summary>The configuration.</summary>
    /// <param name="frames">Frames of one window, their height and width, which neither source says; null for a model without frames.</param>
    /// <exception cref="ModelFormatException">A key is missing or wrong, the model is of a form that is not computed here, or the tensors contradict it.</exception>
    public NeuroformerConfig Read((int Count, int Height, int Width)? frames)
    {
        RefuseOtherForms();
        var width = Agree(_config, "n_embd", Axis("tok_emb.weight", 1));
        var blocks = _config.Object("block_size");
        var layers = _config.Object("layers");
        var stimulus = Count("neural_visual_transformer.neural_state_stimulus_blocks");
        var contrastive = _config.Object("contrastive");
        var window = _config.Given("window") ? _config.Object("window") : null;
        var resolution = _config.Given("resolution") ? _config.Object("resolution") : null;
        var defaults = new NeuroformerConfig { Neurons = 1 };
        var config = new NeuroformerConfig
        {
            Neurons = Axis("tok_emb.weight", 0) - 3,
            DtBins = Axis("head_dt.weight", 0) - 3,
            NEmbd = width,
            NHead = _config.Whole("n_head"),
            BlockId = blocks.Whole("id"),
            BlockPrevId = blocks.Whole("prev_id"),
            StateLayers = Agree(layers, "state", Count("neural_visual_transformer.neural_state_blocks")),
            HistoryLayers = Agree(layers, "state_history", Count("neural_visual_transformer.neural_state_history_blocks")),
            StimulusLayers = layers.Given("stimulus") ? Agree(layers, "stimulus", stimulus) : stimulus,
            Frames = stimulus == 0 ? null : Frames(frames ?? throw Missing("frames are taken by this model, but their size is not known")),
            VitEncoder = _config.IsTrue("vit_encoder", otherwise: true),
            PosEmb = _config.IsTrue("pos_emb", otherwise: true),
            WaveEmb = _config.IsTrue("wave_emb"),
            Groups = _config.Given("modalities") ? [.. _config.Object("modalities").Keys.Select(name => Group(name, _config.Object("modalities").Object(name)))] : [],
            ContrastiveVars = contrastive.IsTrue("contrastive") ? Contrastive(contrastive) : [],
            ClipTemp = contrastive.Given("clip_temp") ? contrastive.Number("clip_temp") : defaults.ClipTemp,
            ResolutionDt = resolution is null ? defaults.ResolutionDt : resolution.Number("dt"),
            WindowCurr = window is null ? defaults.WindowCurr : window.Number("curr"),
            WindowPrev = window is null ? defaults.WindowPrev : window.Number("prev"),
        };
        NeuroformerConfigCheck.Check(config, _weights);
        return config;
    }

    private void RefuseOtherForms()
    {
        foreach (var key in OtherBodies)
            if (_config.IsTrue(key)) throw _config.Wrong(key, "is true: that is another network than Neuroformer, which is not computed here.");
        if (!_config.IsTrue("temp_emb", otherwise: true)) throw _config.Wrong("temp_emb", "is false; models without time are not computed here.");
        if (_config.Given("class_weights")) throw _config.Wrong("class_weights", "is set; weighted classes are not computed here.");
        if (_config.Given("sparse"))
        {
            var sparse = _config.Object("sparse");
            if (sparse.Keys.FirstOrDefault(key => key.StartsWith("topk", StringComparison.Ordinal) && sparse.Given(key)) is { } topk)
                throw sparse.Wrong(topk, "is set; sparse attention is not computed here.");
        }

        var contrastive = _config.Object("contrastive");
        if (contrastive.IsTrue("contrastive") && contrastive.IsTrue("clip_loss")) throw contrastive.Wrong("clip_loss", "is true; the symmetric contrastive loss is not computed here.");
    }

    private NeuroformerFrames Frames((int Count, int Height, int Width) size)
    {
        var encoder = _config.Object("frame_encoder");
        if (encoder.IsTrue("resnet_backbone")) throw encoder.Wrong("resnet_backbone", "is true; that backbone is not computed here.");
        if (encoder.IsTrue("conv_layer"))
        {
            if (encoder.Given("padding_size") && encoder.Elements("padding_size").Any(side => side.ValueKind != JsonValueKind.Number || side.GetDouble() != 0))
                throw encoder.Wrong("padding_size", "is not 0; a padded convolution is not computed here.");
            int[] kernel = [.. Enumerable.Range(2, 3).Select(axis => Axis("video_encoder.conv_block.0.weight", axis))];
            return new() { Count = size.Count, Height = size.Height, Width = size.Width, Kernel = kernel, Stride = encoder.Given("stride_size") ? Three(encoder, "stride_size") : kernel };
        }

        var side = (int)Math.Sqrt(encoder.Whole("n_embd_frames"));
        return new() { Count = size.Count, Height = size.Height, Width = size.Width, Kernel = [1, side, side], Stride = [1, side, side], Patches = true };
    }

    private static int[] Three(GoldenConfig config, string key)
    {
        var values = config.Elements(key);
        return values.Count == 3 && values.All(value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _))
            ? [.. values.Select(value => value.GetInt32())]
            : throw config.Wrong(key, "must be three whole numbers: time, height, width.");
    }

    private NeuroformerGroup Group(string name, GoldenConfig group)
    {
        var variables = group.Object("variables");
        return new()
        {
            Name = name,
            Layers = Count($"neural_visual_transformer.modalities_blocks.{name}"),
            Variables = [.. variables.Keys.Select(variable => Variable(name, variable, variables.Object(variable)))],
        };
    }

    private NeuroformerVariable Variable(string group, string name, GoldenConfig variable)
    {
        var predict = variable.IsTrue("predict");
        var objective = variable.Given("objective") ? variable.Text("objective") : "regression";
        if (objective is not ("regression" or "classification")) throw variable.Wrong("objective", $"is '{objective}'; regression or classification is due.");
        var classes = predict && objective == "classification" ? Axis($"modality_projection_heads.{group}.{name}.weight", 0) : 0;
        return new() { Name = name, Predict = predict, Classes = classes };
    }

    private static List<string> Contrastive(GoldenConfig contrastive)
    {
        // Upstream's own default.
        if (!contrastive.Given("vars")) return ["frames", "id"];
        var names = new List<string>();
        foreach (var element in contrastive.Elements("vars"))
        {
            if (element.ValueKind == JsonValueKind.String) names.Add(element.GetString()!);
            else if (element.ValueKind == JsonValueKind.Object && element.EnumerateObject().All(pair => pair.Value.ValueKind == JsonValueKind.String))
                names.AddRange(element.EnumerateObject().Select(pair => $"{pair.Name}.{pair.Value.GetString()}"));
            else throw contrastive.Wrong("vars", "holds something that is neither a name nor GROUP: VARIABLE.");
        }

        return names;
    }

    /// <summary>Blocks under a prefix, from 0 without holes.</summary>
    private int Count(string prefix) => _shapes.Keys.Select(name => Block().Match(name)).Where(match => match.Success && match.Groups[1].Value == prefix)
        .Select(match => match.Groups[2].Value).Distinct(StringComparer.Ordinal).Count();

    private int Agree(GoldenConfig config, string key, int told)
    {
        var said = config.Whole(key);
        return said == told ? said : throw config.Wrong(key, $"is {said}, but the tensors of {_weights} say {told}.");
    }

    private int Axis(string tensor, int axis)
    {
        if (!_shapes.TryGetValue(tensor, out var shape)) throw Missing($"'{tensor}' is missing{NearestName.Hint(tensor, _shapes.Keys)}");
        if (axis < shape.Count && shape[axis] is > 0 and <= 1 << 24) return (int)shape[axis];
        throw Missing($"'{tensor}' has shape {TensorShape.Text(shape)}, which fits no Neuroformer");
    }

    private ModelFormatException Missing(string what) => new(_weights, "", $"{what}.", "Check that configuration and weights are of one Neuroformer.");

    [GeneratedRegex(@"^(.*_blocks(?:\.[^.0-9][^.]*)?)\.([0-9]+)\.ln1\.weight\z", RegexOptions.CultureInvariant)]
    private static partial Regex Block();
}
