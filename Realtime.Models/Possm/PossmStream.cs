using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;

namespace Realtime.Models.Possm;

/// <summary>
/// POSSM chunk by chunk, live: the arithmetic of <see cref="PossmNetwork"/> rearranged exactly, so that a chunk costs its spikes and one step of
/// each layer. One thread at a time; allocates nothing per step; the same steps after a reset give the same bits.
/// </summary>
public sealed class PossmStream
{
    private readonly FloatArena _arena = new();
    private readonly ChunkSpikes _spikes;
    private readonly ChunkEncoder _encoder;
    private readonly Gru[] _rnn;
    private readonly FloatSlot[] _states;
    private readonly ChunkReader _reader;

    /// <param name="weights">The model.</param>
    /// <param name="chunkNs">Length of a chunk.</param>
    /// <param name="options">What is asked; its rows and names must be the model's.</param>
    /// <param name="kernels">Arithmetic; the best of this processor if null.</param>
    public PossmStream(PossmWeights weights, long chunkNs, PossmStreamOptions options, KernelSet? kernels = null)
    {
        kernels ??= KernelSet.Best;
        _spikes = new ChunkSpikes(chunkNs, options.UnitRows.Count, options.MaxSpikes);
        _encoder = new ChunkEncoder(weights, options, kernels, _arena);
        _rnn = [.. weights.Rnn.Select(layer => new Gru(layer, kernels, _arena))];
        _states = [.. weights.Rnn.Select(layer => _arena.Reserve(layer.Width))];
        _reader = new ChunkReader(weights, options, kernels, _arena);
        _arena.Allocate();
    }

    /// <summary>Spikes passed over because their chunk held more than the most that are decoded.</summary>
    public long OverflowSpikes => _spikes.Overflow;

    /// <summary>Spikes passed over because their unit is not one of the model's.</summary>
    public long UnknownUnitSpikes => _spikes.UnknownUnit;

    /// <summary>Starts again from zero.</summary>
    public void Reset()
    {
        foreach (var state in _states) _arena[state].Clear();
        _reader.Reset();
    }

    /// <summary>Takes the next chunk, the last one of the window, and answers.</summary>
    /// <param name="window">Spikes outside the chunk do not count.</param>
    /// <param name="values">One for each output of the task, as the model has learnt them.</param>
    public void Step(in SpikeWindow window, Span<float> values)
    {
        _spikes.Take(window);
        Step(values);
    }

    /// <summary>Takes the next chunk as the tokeniser makes it, and answers.</summary>
    /// <param name="units">Entry of <see cref="PossmStreamOptions.UnitRows"/> of each spike.</param>
    /// <param name="seconds">Seconds from the chunk's start.</param>
    /// <param name="values">One for each output of the task, as the model has learnt them.</param>
    public void Step(ReadOnlySpan<int> units, ReadOnlySpan<float> seconds, Span<float> values)
    {
        _spikes.Take(units, seconds);
        Step(values);
    }

    private void Step(Span<float> values)
    {
        var x = _encoder.Encode(_spikes);
        for (var layer = 0; layer < _rnn.Length; layer++)
        {
            var state = _arena[_states[layer]];
            _rnn[layer].Step(x, state);
            x = state;
        }

        _reader.Step(x, values);
    }
}
