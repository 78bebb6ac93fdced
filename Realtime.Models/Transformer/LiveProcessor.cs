using Realtime.Models.Kernels;

namespace Realtime.Models.Transformer;

/// <summary>
/// The processor for live use: all layers over one set of latents, folded and packed, heads and rows shared among the team's threads.
/// The result's bits do not depend on the number of threads. One caller at a time; allocates nothing after the arena is allocated.
/// </summary>
internal sealed class LiveProcessor
{
    // Rows of one pass through the feed-forward maps: enough to use each weight often, few enough that hidden rows stay in the second-level cache.
    private const int BlockRows = 64;

    private readonly KernelSet _kernels;
    private readonly ComputeTeam _team;
    private readonly FloatArena _arena;
    private readonly LiveProcessorLayer[] _layers;
    private readonly RotaryTable _rotary;
    private readonly int _latents;
    private readonly int _latentsPerTime;
    private readonly int _dim;
    private readonly int _heads;
    private readonly int _headDim;
    private readonly FloatSlot _normal;
    private readonly FloatSlot _gathered;
    private readonly FloatSlot[] _projected;
    private readonly FloatSlot[] _attention;
    private readonly FloatSlot[] _hidden;
    private readonly Action<int> _attend;
    private readonly Action<int> _feed;

    private FloatSlot _z;
    private LiveProcessorLayer _layer = null!;

    /// <param name="layers">In order; may be empty.</param>
    /// <param name="dim">Width of a latent.</param>
    /// <param name="latents">Number of latents.</param>
    /// <param name="rotary">One row per time of the latents, which share them in turn.</param>
    /// <param name="kernels">Arithmetic.</param>
    /// <param name="team">Threads.</param>
    /// <param name="arena">Gets the activations; not yet allocated.</param>
    public LiveProcessor(IReadOnlyList<ProcessorLayerWeights> layers, int dim, int latents, RotaryTable rotary, KernelSet kernels, ComputeTeam team, FloatArena arena)
    {
        (_kernels, _team, _arena, _rotary, _latents, _dim) = (kernels, team, arena, rotary, latents, dim);
        _latentsPerTime = latents / rotary.Rows;
        _layers = [.. layers.Select(layer => new LiveProcessorLayer(layer, dim, kernels))];
        (_heads, _headDim) = layers.Count == 0 ? (0, 0) : (layers[0].Attention.Heads, layers[0].Attention.HeadDim);
        _normal = arena.Reserve(latents * dim);
        _gathered = arena.Reserve(latents * _heads * _headDim);
        _projected = Reserve(latents * 3 * _headDim);
        _attention = Reserve(kernels.AttentionScratch(latents, _headDim));
        _hidden = Reserve(FoldedFeedForward.Scratch(BlockRows, dim));
        _attend = Attend;
        _feed = Feed;

        FloatSlot[] Reserve(int length) => [.. Enumerable.Range(0, team.Count).Select(_ => arena.Reserve(length))];
    }

    /// <summary>z [latents, dim] through all layers, in place.</summary>
    public void Run(FloatSlot z)
    {
        _z = z;
        if (_layers.Length > 0) _kernels.Normalize(_arena[z], _latents, _dim, _arena[_normal]);
        foreach (var layer in _layers)
        {
            _layer = layer;
            _team.Run(_attend);
            _team.Run(_feed);
        }
    }

    /// <summary>Self-attention of every other head: from the normalised latents to the gathered heads.</summary>
    private void Attend(int thread)
    {
        var projected = _arena[_projected[thread]];
        var gathered = _arena[_gathered];
        var width = 3 * _headDim;
        var shape = new AttentionShape
        {
            Queries = _latents,
            Keys = _latents,
            Heads = 1,
            HeadDim = _headDim,
            QueryStride = width,
            KeyStride = width,
            ValueStride = width,
            OutputStride = _heads * _headDim,
        };
        for (var head = thread; head < _heads; head += _team.Count)
        {
            var output = gathered[(head * _headDim)..];
            _kernels.Multiply(_arena[_normal], _dim, _latents, _layer.ToQueryKeyValue[head], projected, width);
            _kernels.Rotate(projected, width, 3, _headDim, _rotary, 0, _latents, back: false, _latentsPerTime);
            _kernels.Attend(shape, projected, projected[_headDim..], projected[(2 * _headDim)..], default, output, _arena[_attention[thread]]);
            _kernels.Rotate(output, _heads * _headDim, 1, _headDim, _rotary, 0, _latents, back: true, _latentsPerTime);
        }
    }

    /// <summary>Output projection, feed-forward, and the next layer's normalisation, for this thread's share of rows.</summary>
    private void Feed(int thread)
    {
        var z = _arena[_z];
        var normal = _arena[_normal];
        var gathered = _arena[_gathered];
        var inner = _heads * _headDim;
        for (var row = thread * BlockRows; row < _latents; row += _team.Count * BlockRows)
        {
            var rows = Math.Min(BlockRows, _latents - row);
            var block = z.Slice(row * _dim, rows * _dim);
            _kernels.Multiply(gathered[(row * inner)..], inner, rows, _layer.Out, block, _dim, accumulate: true);
            _layer.FeedForward.Add(block, rows, _arena[_hidden[thread]]);
            _kernels.Normalize(block, rows, _dim, normal[(row * _dim)..]);
        }
    }
}
