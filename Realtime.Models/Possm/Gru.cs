using Realtime.Models.Kernels;

namespace Realtime.Models.Possm;

/// <summary>One layer of a GRU. The state is the caller's. Holds working memory: one thread at a time.</summary>
/// <remarks>Source: torch.nn.GRU; the reset gate multiplies the hidden map with its bias.</remarks>
internal sealed class Gru
{
    private readonly KernelSet _kernels;
    private readonly PackedMatrix _toInput;
    private readonly PackedMatrix _toHidden;
    private readonly FloatArena _arena;
    private readonly FloatSlot _input;
    private readonly FloatSlot _hidden;

    /// <param name="weights">The layer.</param>
    /// <param name="kernels">Arithmetic.</param>
    /// <param name="arena">Takes the working memory; to be allocated before the first step.</param>
    public Gru(GruLayerWeights weights, KernelSet kernels, FloatArena arena)
    {
        _kernels = kernels;
        _arena = arena;
        Width = weights.Width;
        _toInput = kernels.Pack(weights.Input, 3 * Width, weights.Inputs, weights.InputBias);
        _toHidden = kernels.Pack(weights.Hidden, 3 * Width, Width, weights.HiddenBias);
        _input = arena.Reserve(3 * Width);
        _hidden = arena.Reserve(3 * Width);
    }

    public int Width { get; }

    /// <summary>One step.</summary>
    /// <param name="x">[inputs]; must not overlap the state.</param>
    /// <param name="state">[width] before and after.</param>
    public void Step(ReadOnlySpan<float> x, Span<float> state)
    {
        var input = _arena[_input];
        var hidden = _arena[_hidden];
        _kernels.Multiply(x, _toInput.Inputs, 1, _toInput, input, input.Length);
        _kernels.Multiply(state, Width, 1, _toHidden, hidden, hidden.Length);
        _kernels.GruGates(input, hidden, state);
    }
}
