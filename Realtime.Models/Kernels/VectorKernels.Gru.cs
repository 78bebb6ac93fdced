using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override void GruGates(ReadOnlySpan<float> input, ReadOnlySpan<float> hidden, Span<float> state)
    {
        Need(input.Length >= 3L * state.Length && hidden.Length >= 3L * state.Length, "Input or hidden gates are shorter than three states.");
        fixed (float* pInput = input, pHidden = hidden, pState = state) GruGates(pInput, pHidden, pState, state.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GruGates(float* input, float* hidden, float* state, int width)
    {
        float* inputZ = input + width, inputN = input + 2L * width;
        float* hiddenZ = hidden + width, hiddenN = hidden + 2L * width;
        var i = 0;
        for (; i <= width - TLanes.Count; i += TLanes.Count)
        {
            var r = TLanes.Add(TLanes.Load(input + i), TLanes.Load(hidden + i));
            var z = TLanes.Add(TLanes.Load(inputZ + i), TLanes.Load(hiddenZ + i));
            TLanes.Store(state + i, GruStep(r, z, TLanes.Load(inputN + i), TLanes.Load(hiddenN + i), TLanes.Load(state + i)));
        }

        var rest = width - i;
        if (rest == 0) return;
        var zero = TLanes.Zero;
        var lastR = TLanes.Add(TLanes.LoadPart(input + i, rest, zero), TLanes.LoadPart(hidden + i, rest, zero));
        var lastZ = TLanes.Add(TLanes.LoadPart(inputZ + i, rest, zero), TLanes.LoadPart(hiddenZ + i, rest, zero));
        var lastInput = TLanes.LoadPart(inputN + i, rest, zero);
        var lastHidden = TLanes.LoadPart(hiddenN + i, rest, zero);
        TLanes.StorePart(state + i, GruStep(lastR, lastZ, lastInput, lastHidden, TLanes.LoadPart(state + i, rest, zero)), rest);
    }

    /// <summary>The new state of the sums r and z of the gates; exactly the old one where z is far above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes GruStep(TLanes r, TLanes z, TLanes inputN, TLanes hiddenN, TLanes state)
    {
        var n = LaneFunctions.Tanh(TLanes.MultiplyAdd(LaneFunctions.Sigmoid(r), hiddenN, inputN));
        var keep = LaneFunctions.Sigmoid(z);
        return TLanes.MultiplyAdd(keep, state, TLanes.NegatedMultiplyAdd(keep, n, n));
    }
}
