using System.Runtime.InteropServices;
using Realtime.Models.Differentiation;
using Realtime.Models.Training.Blocks;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer;

/// <summary>
/// Neuroformer as it is trained: what <see cref="NeuroformerNetwork"/> computes, recorded on a tape, with upstream's dropout. Times are embedded once per
/// token and their rows repeated; that is the same function, only cheaper. Any thread between steps.
/// Source: Antoniades et al. 2024 (arXiv 2311.00136); github.com/a-antoniades/Neuroformer, neuroformer/model_neuroformer.py.
/// </summary>
public sealed class NeuroformerTrainable
{
    private const string FrameWeight = "video_encoder.conv_block.0.weight";

    private readonly NeuroformerDropout _dropout;
    private readonly Parameter _tokens;
    private readonly Parameter? _positions;
    private readonly Parameter? _pastPositions;
    private readonly NeuroformerTrainableTime _time;
    private readonly NeuroformerTrainableTime _pastTime;
    private readonly (Parameter Weight, Parameter Bias)? _frameMap;
    private readonly (Parameter Gain, Parameter Bias)? _frameNorm;
    private readonly NeuroformerTrainableBlock[] _encoder;
    private readonly NeuroformerTrainableBlock[] _frameEncoder;
    private readonly NeuroformerTrainableBlock[] _history;
    private readonly NeuroformerTrainableBlock[] _stimulus;
    private readonly NeuroformerTrainableBlock[][] _modalities;
    private readonly NeuroformerTrainableBlock[] _state;
    private readonly NeuroformerTrainableInputs _inputs;
    private readonly (Parameter Weight, Parameter? Bias)?[][] _heads;
    private readonly Parameter _idHead;
    private readonly Parameter _dtHead;
    private readonly Parameter? _projection;
    private readonly float[] _causal;

    /// <param name="weights">Values at the start; they are copied.</param>
    /// <param name="dropout">Rates in training; none if null.</param>
    public NeuroformerTrainable(NeuroformerWeights weights, NeuroformerDropout? dropout = null)
    {
        Config = weights.Config;
        _dropout = dropout ??= new NeuroformerDropout();
        var width = Config.NEmbd;
        var list = new ParameterList();
        _tokens = list.AddTable("tok_emb.weight", ParameterKind.Dense, weights.Tokens, width);
        if (Config.PosEmb)
        {
            _positions = list.Add("pos_emb", weights.Positions, 1, Config.BlockId, width);
            _pastPositions = list.Add("pos_emb_prev", weights.PastPositions, 1, Config.BlockPrevId, width);
        }

        _time = new NeuroformerTrainableTime(list, "temp_emb", weights.Time, Config);
        _pastTime = new NeuroformerTrainableTime(list, "temp_emb_prev", weights.PastTime, Config);
        if (weights.FrameMap is { } map)
            _frameMap = list.AddLinear(Config.Frames!.Patches ? "video_encoder.to_patch_embedding.1" : FrameWeight[..^".weight".Length], map.Weight, map.Bias);
        if (weights.FrameNorm is { } norm) _frameNorm = list.AddNorm("video_encoder.conv_block.2", norm);
        _encoder = Blocks("feature_encoder.neural_state_blocks", weights.Encoder);
        _frameEncoder = Blocks("feature_encoder.frame_state_blocks", weights.FrameEncoder);
        _history = Blocks("neural_visual_transformer.neural_state_history_blocks", weights.History);
        _stimulus = Blocks("neural_visual_transformer.neural_state_stimulus_blocks", weights.Stimulus);
        _modalities = [.. weights.Modalities.Select((blocks, group) => Blocks($"neural_visual_transformer.modalities_blocks.{Config.Groups[group].Name}", blocks))];
        _state = Blocks("neural_visual_transformer.neural_state_blocks", weights.State);
        _inputs = new NeuroformerTrainableInputs(list, weights);
        _heads = [.. weights.Variables.Select((variables, group) => variables.Select((variable, index) => Head(list, group, index, variable.Head)).ToArray())];
        _idHead = list.Add("head_id.weight", weights.IdHead.Weight, Config.IdWords, width);
        _dtHead = list.Add("head_dt.weight", weights.DtHead.Weight, Config.DtWords, width);
        if (weights.Projection is { } projection) _projection = list.Add("clip.proj.weight", projection.Weight, width, width);
        Parameters = list.ToSet();
        _causal = Causal(Config.BlockId);

        NeuroformerTrainableBlock[] Blocks(string prefix, IReadOnlyList<NeuroformerBlockWeights> blocks) => NeuroformerTrainableBlock.All(list, prefix, blocks, dropout);
    }

    public NeuroformerConfig Config { get; }

    public ParameterSet Parameters { get; }

    /// <summary>The network of some tensors under upstream's names, as model files hold them.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, of another shape than the configuration says, or not finite.</exception>
    public static NeuroformerTrainable Of(IEnumerable<TensorData> tensors, NeuroformerConfig config, NeuroformerDropout? dropout = null) =>
        new(NeuroformerWeights.Read(TensorReader.Of(tensors), config), dropout);

    /// <summary>Whether upstream's weight decay pulls at a parameter: weights of linear maps; not tables, positions, the convolution, norms and biases.</summary>
    public static bool Decays(Parameter parameter) =>
        parameter.Shape.Count == 2 && parameter.Name != "tok_emb.weight" && parameter.Name != FrameWeight;

    /// <summary>The tensors in the shapes of a model file: upstream keeps the convolution's kernel apart by axis.</summary>
    public static IReadOnlyList<TensorData> FileTensors(IEnumerable<TensorData> tensors, NeuroformerConfig config) =>
    [
        .. tensors.Select(tensor => tensor.Name == FrameWeight && config.Frames is { Patches: false } frames
            ? TensorData.Of(tensor.Name, MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray(), config.NEmbd, 1, frames.Kernel[0], frames.Kernel[1], frames.Kernel[2])
            : tensor),
    ];

    /// <summary>Records the forward pass of some windows.</summary>
    /// <param name="tape">Begun by the caller; one tape per thread.</param>
    /// <param name="windows">At least one; all with the same inputs.</param>
    /// <exception cref="ArgumentException">A window does not fit the configuration; the message says which and what.</exception>
    public NeuroformerPass Forward(Tape tape, IReadOnlyList<NeuroformerWindow> windows)
    {
        if (windows.Count == 0) throw new ArgumentException("There is no window.", nameof(windows));
        for (var index = 0; index < windows.Count; index++) NeuroformerWindowCheck.Check(windows[index], Config, index);
        var (length, past) = (Config.BlockId, Config.BlockPrevId);
        var x = Embed(tape, windows, window => window.Ids, window => window.Times, _time, _positions);
        var history = _history.Length == 0 ? null : Embed(tape, windows, window => window.PastIds, window => window.PastTimes, _pastTime, _pastPositions);
        var frames = EncodeFrames(tape, windows, x);
        var own = Segments(windows.Count, length, length, mask: 0);
        foreach (var block in _encoder) x = block.Apply(tape, x, null, own, _causal);
        var encoded = x;
        x = Attend(tape, _history, x, history, windows.Count, past);
        x = Attend(tape, _stimulus, x, frames, windows.Count, (frames?.Rows ?? 0) / windows.Count);
        var inputs = new Variable?[_modalities.Length][];
        for (var group = 0; group < inputs.Length; group++) x = AttendGroup(tape, windows, x, group, inputs);
        foreach (var block in _state) x = block.Apply(tape, x, null, own, _causal);
        return new NeuroformerPass(encoded, x, tape.MeanRows(x, length), frames, inputs);
    }

    /// <summary>[rows, N + 3].</summary>
    public Variable IdLogits(Tape tape, Variable last) => tape.Linear(last, _idHead, null);

    /// <summary>[rows, D].</summary>
    public Variable DtLogits(Tape tape, Variable last) => tape.Linear(last, _dtHead, null);

    /// <summary>A target's answer: [windows, 1], or [windows, classes] of logits.</summary>
    public Variable Predict(Tape tape, NeuroformerPass pass, int group, int variable)
    {
        var (weight, bias) = _heads[group][variable] ?? throw new ArgumentException("The variable is an input; it has no head.", nameof(variable));
        return tape.Linear(tape.Dropout(pass.Pooled, _dropout.Pooled), weight, bias);
    }

    /// <summary>What the contrastive loss compares, projected, in the configuration's order, each [windows, C].</summary>
    public IReadOnlyList<Variable> Contrast(Tape tape, NeuroformerPass pass, IReadOnlyList<NeuroformerWindow> windows) =>
        _projection is not { } projection ? [] : [.. Config.ContrastiveVars.Select(name => tape.Linear(Feature(tape, pass, windows, name), projection, null))];

    private Variable Feature(Tape tape, NeuroformerPass pass, IReadOnlyList<NeuroformerWindow> windows, string name)
    {
        switch (name)
        {
            case "id":
                return pass.Pooled;
            case "eos":
                return tape.Rows(pass.Encoded, [.. windows.Select((window, index) => index * Config.BlockId + Config.BlockId - window.Pad)]);
            case "frames":
                var frames = pass.Frames ?? throw new ArgumentException("The contrastive loss compares frames; the model has none.", nameof(pass));
                return tape.MeanRows(frames, frames.Rows / windows.Count);
            default:
                var (group, variable) = Config.Input(name);
                return pass.Inputs[group][variable] ?? throw new ArgumentException($"The windows lack the input '{name}', which the contrastive loss compares.", nameof(windows));
        }
    }

    private Variable Embed(Tape tape, IReadOnlyList<NeuroformerWindow> windows, Func<NeuroformerWindow, int[]> idsOf, Func<NeuroformerWindow, float[]> timesOf,
        NeuroformerTrainableTime time, Parameter? positions)
    {
        int[] ids = [.. windows.SelectMany(idsOf)];
        int[] times = [.. windows.SelectMany(timesOf).Select(value => (int)value)];
        var length = ids.Length / windows.Count;
        var x = tape.Add(tape.Rows(_tokens, ids), tape.Dropout(time.Rows(tape, times), _dropout.Time));
        if (positions is not null) x = tape.Add(x, tape.Rows(positions, [.. Enumerable.Range(0, ids.Length).Select(row => row % length)]));
        return tape.Dropout(x, _dropout.Id);
    }

    /// <summary>[windows × (1 + tokens), C]: SOS of the current window as it was embedded, then the frames' tokens.</summary>
    private Variable? EncodeFrames(Tape tape, IReadOnlyList<NeuroformerWindow> windows, Variable current)
    {
        if (_frameMap is not { } map || Config.Frames is not { } sizes) return null;
        var pixels = NeuroformerFrameMap.Under(sizes, windows[0].Frames);
        var under = tape.Constant(windows.Count * sizes.Tokens, pixels.Length / sizes.Tokens);
        for (var window = 0; window < windows.Count; window++)
            NeuroformerFrameMap.Under(sizes, windows[window].Frames).CopyTo(under.Value.Slice(window * pixels.Length));
        var tokens = tape.Linear(under, map.Weight, map.Bias);
        if (_frameNorm is { } norm) tokens = tape.LayerNorm(tokens, norm.Gain, norm.Bias);
        tokens = tape.Relu(tokens);
        var count = 1 + sizes.Tokens;
        var (from, rows) = (new int[windows.Count * count], new int[windows.Count * count]);
        for (var row = 0; row < rows.Length; row++)
        {
            var (window, token) = (row / count, row % count);
            (from[row], rows[row]) = token == 0 ? (0, window * Config.BlockId) : (1, window * sizes.Tokens + token - 1);
        }

        var x = tape.Dropout(tape.Gather([current, tokens], from, rows), _dropout.Im);
        var segments = Segments(windows.Count, count, count, mask: -1);
        foreach (var block in _frameEncoder) x = block.Apply(tape, x, null, segments, []);
        return x;
    }

    private Variable AttendGroup(Tape tape, IReadOnlyList<NeuroformerWindow> windows, Variable x, int group, Variable?[][] inputs)
    {
        inputs[group] = new Variable?[Config.Groups[group].Variables.Count];
        var present = _inputs.Present(group, windows);
        if (present.Length == 0) return x;
        foreach (var variable in present) inputs[group][variable] = tape.Dropout(_inputs.Variable(tape, group, variable, windows), _dropout.Id);
        var tokens = _inputs.Group(tape, [.. present.Select(variable => inputs[group][variable]!)]);
        return Attend(tape, _modalities[group], x, tokens, windows.Count, present.Length);
    }

    private Variable Attend(Tape tape, NeuroformerTrainableBlock[] blocks, Variable x, Variable? context, int windows, int keys)
    {
        if (context is null) return x;
        var segments = Segments(windows, Config.BlockId, keys, mask: -1);
        foreach (var block in blocks) x = block.Apply(tape, x, context, segments, []);
        return x;
    }

    private static AttentionSegment[] Segments(int windows, int queries, int keys, int mask) =>
        [.. Enumerable.Range(0, windows).Select(window => new AttentionSegment(window * queries, queries, window * keys, keys, window * queries, Mask: mask))];

    private static float[] Causal(int length)
    {
        var mask = new float[length * length];
        for (var row = 0; row < length; row++) mask.AsSpan(row * length + row + 1, length - row - 1).Fill(float.NegativeInfinity);
        return mask;
    }

    private (Parameter Weight, Parameter? Bias)? Head(ParameterList list, int group, int variable, LinearWeights? head)
    {
        if (head is null) return null;
        var prefix = $"modality_projection_heads.{Config.Groups[group].Name}.{Config.Groups[group].Variables[variable].Name}";
        return (list.Add($"{prefix}.weight", head.Weight, head.Outputs, head.Inputs), head.Bias.Length == 0 ? null : list.Add($"{prefix}.bias", head.Bias, head.Outputs));
    }
}
