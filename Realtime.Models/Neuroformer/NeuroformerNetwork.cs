using System.Globalization;
using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Neuroformer;

/// <summary>
/// Neuroformer over whole windows, step by step as upstream writes it: the reference of the live form and of training. No attention masks
/// padding. Takes its working memory per call. Immutable; any thread.
/// Source: Antoniades et al. 2024 (arXiv 2311.00136); github.com/a-antoniades/Neuroformer, neuroformer/model_neuroformer.py.
/// </summary>
public sealed class NeuroformerNetwork
{
    private readonly KernelSet _kernels;
    private readonly NeuroformerWeights _weights;
    private readonly NeuroformerConfig _config;
    private readonly NeuroformerTime _time;
    private readonly NeuroformerTime _pastTime;
    private readonly NeuroformerFrameMap? _frameMap;
    private readonly NeuroformerInputTokens _inputTokens;
    private readonly NeuroformerBlock[] _encoder;
    private readonly NeuroformerBlock[] _frameEncoder;
    private readonly NeuroformerBlock[] _history;
    private readonly NeuroformerBlock[] _stimulus;
    private readonly NeuroformerBlock[][] _modalities;
    private readonly NeuroformerBlock[] _state;
    private readonly PackedMatrix _idHead;
    private readonly PackedMatrix _dtHead;
    private readonly PackedMatrix?[][] _heads;
    private readonly PackedMatrix? _projection;

    /// <param name="weights">The model.</param>
    /// <param name="kernels">Arithmetic; the best of this processor if null.</param>
    public NeuroformerNetwork(NeuroformerWeights weights, KernelSet? kernels = null)
    {
        _kernels = kernels ??= KernelSet.Best;
        (_weights, _config) = (weights, weights.Config);
        _time = new NeuroformerTime(weights.Time, _config.NEmbd, kernels);
        _pastTime = new NeuroformerTime(weights.PastTime, _config.NEmbd, kernels);
        _frameMap = _config.Frames is { } frames ? new NeuroformerFrameMap(frames, weights.FrameMap!, weights.FrameNorm, kernels) : null;
        _inputTokens = new NeuroformerInputTokens(weights, kernels);
        _encoder = Blocks(weights.Encoder);
        _frameEncoder = Blocks(weights.FrameEncoder);
        _history = Blocks(weights.History);
        _stimulus = Blocks(weights.Stimulus);
        _modalities = [.. weights.Modalities.Select(Blocks)];
        _state = Blocks(weights.State);
        _idHead = Pack(weights.IdHead);
        _dtHead = Pack(weights.DtHead);
        _heads = [.. weights.Variables.Select(group => group.Select(variable => variable.Head is { } head ? Pack(head) : null).ToArray())];
        _projection = weights.Projection is { } projection ? Pack(projection) : null;
    }

    public NeuroformerConfig Config => _config;

    /// <summary>Runs a batch.</summary>
    /// <param name="windows">At least one.</param>
    /// <param name="trace">Sees each stage, [windows, rows, width]: embed.id, embed.id_prev, frames.conv, embed.frames, encoder.id.L, encoder.frames.L,
    /// embed.GROUP, cross.history.L, cross.stimulus.L, cross.GROUP.L, state.L, last_layer, pooled, logits.id, logits.dt, pred.VARIABLE and
    /// clip.NAME (a group's name for its variable). A group's stages are left out where the windows differ in which inputs they have.</param>
    /// <param name="attention">Sees the weights of attention, [windows, heads, rows, keys]: attn.history.L and attn.state.L.</param>
    /// <param name="rows">
    /// Positions to compute, from the first; 0 for all. Each is exact, as no position sees a later one; only means over positions (behaviour, the
    /// contrastive "id") are not those of the whole window.
    /// </param>
    /// <exception cref="ArgumentException">A window does not fit the configuration; the message says which and what.</exception>
    public NeuroformerOutput Forward(IReadOnlyList<NeuroformerWindow> windows, StageTrace? trace = null, StageTrace? attention = null, int rows = 0)
    {
        if (windows.Count == 0) throw new ArgumentException("There is no window.", nameof(windows));
        for (var index = 0; index < windows.Count; index++) NeuroformerWindowCheck.Check(windows[index], _config, index);
        var length = rows <= 0 ? _config.BlockId : Math.Min(rows, _config.BlockId);
        float[][] current = [.. windows.Select(window => Embed(window.Ids.AsSpan(0, length), window.Times.AsSpan(0, length), _time, _weights.Positions))];
        Show(trace, "embed.id", current);
        float[][] past = [.. windows.Select(window => Embed(window.PastIds, window.PastTimes, _pastTime, _weights.PastPositions))];
        Show(trace, "embed.id_prev", past);
        var frames = EncodeFrames(windows, current, trace);
        var mask = Causal(length);
        Run(_encoder, current, current, mask, "encoder.id", trace);
        float[][] encoded = [.. current.Select(x => (float[])x.Clone())];
        Run(_history, current, past, [], "cross.history", trace, attention, "attn.history");
        if (frames is not null) Run(_stimulus, current, frames, [], "cross.stimulus", trace);
        for (var group = 0; group < _modalities.Length; group++) AttendGroup(group, windows, current, trace);
        Run(_state, current, current, mask, "state", trace, attention, "attn.state");
        Show(trace, "last_layer", current);
        return Heads(windows, current, encoded, frames, length, trace);
    }

    private float[] Embed(ReadOnlySpan<int> ids, ReadOnlySpan<float> times, NeuroformerTime time, float[] positions)
    {
        var width = _config.NEmbd;
        var x = new float[ids.Length * width];
        for (var row = 0; row < ids.Length; row++) _weights.Tokens.AsSpan(ids[row] * width, width).CopyTo(x.AsSpan(row * width));
        time.AddTo(times, x);
        if (positions.Length > 0)
            for (var i = 0; i < x.Length; i++) x[i] += positions[i];
        return x;
    }

    /// <summary>By window, [1 + tokens, C]: SOS of the current window as it was embedded, then the frames' tokens.</summary>
    private float[][]? EncodeFrames(IReadOnlyList<NeuroformerWindow> windows, float[][] current, StageTrace? trace)
    {
        if (_frameMap is null) return null;
        float[][] tokens = [.. windows.Select(window => _frameMap.Tokens(window.Frames))];
        Show(trace, "frames.conv", tokens);
        float[][] frames = [.. tokens.Select((values, index) => (float[])[.. current[index].AsSpan(0, _config.NEmbd), .. values])];
        Show(trace, "embed.frames", frames);
        Run(_frameEncoder, frames, frames, [], "encoder.frames", trace);
        return frames;
    }

    private void AttendGroup(int group, IReadOnlyList<NeuroformerWindow> windows, float[][] current, StageTrace? trace)
    {
        float[][] tokens = [.. windows.Select(window => window.Inputs.Count == 0 ? [] : _inputTokens.Group(group, window.Inputs[group]))];
        var name = _config.Groups[group].Name;
        if (Array.TrueForAll(tokens, values => values.Length == 0)) return;
        var alike = Array.TrueForAll(tokens, values => values.Length == tokens[0].Length);
        if (alike) Show(trace, $"embed.{name}", tokens);
        Run(_modalities[group], current, tokens, [], $"cross.{name}", alike ? trace : null);
    }

    private void Run(
        NeuroformerBlock[] blocks, float[][] x, float[][] context, float[] mask, string stage, StageTrace? trace, StageTrace? attention = null, string attentionStage = "")
    {
        var width = _config.NEmbd;
        for (var layer = 0; layer < blocks.Length; layer++)
        {
            var weights = new float[attention is null ? 0 : x.Length][];
            for (var window = 0; window < x.Length; window++)
            {
                var (rows, keys) = (x[window].Length / width, context[window].Length / width);
                if (attention is not null) weights[window] = blocks[layer].Attention(x[window], rows, context[window], keys, mask);
                if (keys > 0) blocks[layer].Apply(x[window], rows, context[window], keys, mask);
            }

            Show(attention, string.Create(CultureInfo.InvariantCulture, $"{attentionStage}.{layer}"), weights);
            Show(trace, string.Create(CultureInfo.InvariantCulture, $"{stage}.{layer}"), x);
        }
    }

    private NeuroformerOutput Heads(IReadOnlyList<NeuroformerWindow> windows, float[][] last, float[][] encoded, float[][]? frames, int rows, StageTrace? trace)
    {
        var width = _config.NEmbd;
        float[] x = [.. last.SelectMany(values => values)];
        float[] pooled = [.. last.SelectMany(values => Mean(values, width))];
        trace?.Invoke("pooled", pooled);
        var (ids, times) = (Map(_idHead, x), Map(_dtHead, x));
        trace?.Invoke("logits.id", ids);
        trace?.Invoke("logits.dt", times);
        var predictions = _heads.Select(group => group.Select(head => head is null ? [] : Map(head, pooled)).ToArray()).ToArray();
        for (var group = 0; group < predictions.Length; group++)
        {
            for (var variable = 0; variable < predictions[group].Length; variable++)
                if (predictions[group][variable].Length > 0) trace?.Invoke($"pred.{_config.Groups[group].Variables[variable].Name}", predictions[group][variable]);
        }

        var contrast = new List<float[]>();
        if (_projection is { } projection)
        {
            foreach (var name in _config.ContrastiveVars)
            {
                float[] features = [.. windows.SelectMany((window, index) => Feature(name, window, pooled.AsSpan(index * width, width), encoded[index], frames?[index]))];
                contrast.Add(Map(projection, features));
                trace?.Invoke($"clip.{name.Split('.')[0]}", contrast[^1]);
            }
        }

        return new NeuroformerOutput
        {
            Windows = last.Length,
            Rows = rows,
            LastLayer = x,
            Pooled = pooled,
            IdLogits = ids,
            DtLogits = times,
            Predictions = predictions,
            Contrast = contrast,
        };
    }

    /// <summary>What the contrastive loss compares, before the projection, [C].</summary>
    private float[] Feature(string name, NeuroformerWindow window, ReadOnlySpan<float> pooled, float[] encoded, float[]? frames)
    {
        var width = _config.NEmbd;
        switch (name)
        {
            case "id":
                return pooled.ToArray();
            case "eos":
                var row = Math.Min(_config.BlockId - window.Pad, encoded.Length / width - 1);
                return encoded[(row * width)..((row + 1) * width)];
            case "frames":
                return Mean(frames!, width);
            default:
                var (group, variable) = _config.Input(name);
                var dt = window.Inputs.Count == 0 ? null : window.Inputs[group][variable];
                return _inputTokens.Variable(group, variable, dt ?? throw new ArgumentException($"A window lacks the input '{name}', which the contrastive loss compares.", nameof(window)));
        }
    }

    private static float[] Mean(float[] values, int width)
    {
        var mean = new float[width];
        var rows = values.Length / width;
        for (var channel = 0; channel < width; channel++)
        {
            double sum = 0;
            for (var row = 0; row < rows; row++) sum += values[row * width + channel];
            mean[channel] = (float)(sum / rows);
        }

        return mean;
    }

    private float[] Map(PackedMatrix map, float[] x)
    {
        var rows = x.Length / map.Inputs;
        var y = new float[rows * map.Outputs];
        _kernels.Multiply(x, map.Inputs, rows, map, y, map.Outputs);
        return y;
    }

    private static void Show(StageTrace? trace, string stage, float[][] values)
    {
        if (trace is not null) trace(stage, values.Length == 1 ? values[0] : [.. values.SelectMany(part => part)]);
    }

    private static float[] Causal(int length)
    {
        var mask = new float[length * length];
        for (var row = 0; row < length; row++) mask.AsSpan(row * length + row + 1, length - row - 1).Fill(float.NegativeInfinity);
        return mask;
    }

    private NeuroformerBlock[] Blocks(IReadOnlyList<NeuroformerBlockWeights> weights) => [.. weights.Select(block => new NeuroformerBlock(block, _kernels))];

    private PackedMatrix Pack(LinearWeights map) => _kernels.Pack(map.Weight, map.Outputs, map.Inputs, map.Bias);
}
