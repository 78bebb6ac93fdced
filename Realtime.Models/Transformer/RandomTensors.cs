using Realtime.Engine.Numerics;
using Realtime.Models.Weights;

namespace Realtime.Models.Transformer;

/// <summary>
/// Draws weights as upstream initialises them, the same bits on every machine. Each tensor has a sequence of its own, chosen by its
/// name, so that one tensor's shape never changes another's numbers. One thread.
/// </summary>
/// <remarks>Linear maps, layer norms and the GRU as PyTorch does by default; embeddings normal with standard deviation 0.02.</remarks>
internal sealed class RandomTensors(ulong seed)
{
    private const double EmbeddingSd = 0.02;

    private readonly List<TensorData> _tensors = [];

    public IReadOnlyList<TensorData> Tensors => _tensors;

    /// <summary>A table of vectors [rows, width].</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Numbers in a row.</param>
    /// <param name="padding">Row 0 stands for nothing, and is zero.</param>
    public void Embedding(string name, int rows, int width, bool padding = false)
    {
        var random = Sequence(name);
        var values = new float[checked(rows * width)];
        for (var i = padding ? width : 0; i < values.Length; i++) values[i] = (float)(EmbeddingSd * random.Normal());
        _tensors.Add(TensorData.Of(name, values, rows, width));
    }

    /// <summary>A tensor of any shape, normal with standard deviation 0.02.</summary>
    public void Normal(string name, params long[] shape) => NormalOf(name, EmbeddingSd, shape);

    /// <summary>A tensor of any shape, normal.</summary>
    public void NormalOf(string name, double sd, params long[] shape)
    {
        var random = Sequence(name);
        var values = new float[checked((int)shape.Aggregate((a, b) => checked(a * b)))];
        for (var i = 0; i < values.Length; i++) values[i] = (float)(sd * random.Normal());
        _tensors.Add(TensorData.Of(name, values, shape));
    }

    /// <summary>A tensor of any shape, all of one value.</summary>
    public void Fill(string name, float value, params long[] shape)
    {
        var values = new float[checked((int)shape.Aggregate((a, b) => checked(a * b)))];
        Array.Fill(values, value);
        _tensors.Add(TensorData.Of(name, values, shape));
    }

    /// <summary>PREFIX.weight [outputs, inputs], and PREFIX.bias [outputs], even in ±1/√inputs.</summary>
    public void Linear(string prefix, int outputs, int inputs, bool bias = true)
    {
        var bound = 1 / Math.Sqrt(inputs);
        Even($"{prefix}.weight", bound, outputs, inputs);
        if (bias) Even($"{prefix}.bias", bound, outputs);
    }

    /// <summary>PREFIX.weight [outputs, 1, kernel], and PREFIX.bias [outputs], even in ±1/√pixels under the kernel.</summary>
    public void Convolution(string prefix, int outputs, IReadOnlyList<int> kernel)
    {
        var bound = 1 / Math.Sqrt(kernel.Aggregate(1L, (size, axis) => size * axis));
        Even($"{prefix}.weight", bound, [outputs, 1, .. kernel.Select(axis => (long)axis)]);
        Even($"{prefix}.bias", bound, outputs);
    }

    /// <summary>PREFIX.weight 1 and PREFIX.bias 0.</summary>
    public void LayerNorm(string prefix, int width)
    {
        var ones = new float[width];
        Array.Fill(ones, 1);
        _tensors.Add(TensorData.Of($"{prefix}.weight", ones, width));
        _tensors.Add(TensorData.Of($"{prefix}.bias", new float[width], width));
    }

    /// <summary>The tensors that <see cref="CrossAttentionWeights.Read"/> reads.</summary>
    public void CrossAttention(string prefix, int dim, int contextDim, int inner)
    {
        LayerNorm($"{prefix}.norm", dim);
        LayerNorm($"{prefix}.norm_context", contextDim);
        Linear($"{prefix}.to_q", inner, dim, bias: false);
        Linear($"{prefix}.to_kv", 2 * inner, contextDim, bias: false);
        Linear($"{prefix}.to_out", dim, inner);
    }

    /// <summary>The tensors that <see cref="FeedForwardWeights.Read"/> reads.</summary>
    public void FeedForward(string prefix, int dim)
    {
        LayerNorm($"{prefix}.0", dim);
        Linear($"{prefix}.1.net.0", 2 * FeedForwardWeights.Expansion * dim, dim);
        Linear($"{prefix}.1.net.3", dim, FeedForwardWeights.Expansion * dim);
    }

    /// <summary>The tensors that <see cref="ProcessorLayerWeights.Read"/> reads.</summary>
    public void ProcessorLayer(int index, int dim, int inner)
    {
        LayerNorm($"proc_layers.{index}.0.norm", dim);
        Linear($"proc_layers.{index}.0.to_qkv", 3 * inner, dim, bias: false);
        Linear($"proc_layers.{index}.0.to_out", dim, inner);
        FeedForward($"proc_layers.{index}.1", dim);
    }

    /// <summary>One layer of a GRU, all of it even in ±1/√width, under the names of torch.nn.GRU.</summary>
    public void Gru(string prefix, int layer, int inputs, int width)
    {
        var bound = 1 / Math.Sqrt(width);
        Even($"{prefix}.weight_ih_l{layer}", bound, 3 * width, inputs);
        Even($"{prefix}.weight_hh_l{layer}", bound, 3 * width, width);
        Even($"{prefix}.bias_ih_l{layer}", bound, 3 * width);
        Even($"{prefix}.bias_hh_l{layer}", bound, 3 * width);
    }

    /// <summary>The frequencies of a rotary embedding.</summary>
    public void Omega(string name, int headDim, double tMin, double tMax)
    {
        var omega = RotaryTime.Omega(headDim, tMin, tMax);
        _tensors.Add(TensorData.Of(name, omega, omega.Length));
    }

    private void Even(string name, double bound, params long[] shape)
    {
        var random = Sequence(name);
        var values = new float[checked((int)shape.Aggregate((a, b) => checked(a * b)))];
        for (var i = 0; i < values.Length; i++) values[i] = (float)random.Uniform(-bound, bound);
        _tensors.Add(TensorData.Of(name, values, shape));
    }

    /// <summary>The name is told into a number by FNV-1a, 64 bits.</summary>
    private PortableRandom Sequence(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in name) hash = (hash ^ letter) * 1099511628211UL;
        return new PortableRandom(seed, hash);
    }
}
