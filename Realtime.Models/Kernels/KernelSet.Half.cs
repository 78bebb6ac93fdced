namespace Realtime.Models.Kernels;

/// <summary>Products with weights in bfloat16.</summary>
public abstract partial class KernelSet
{
    /// <summary><see cref="Pack"/> with the weights rounded to bfloat16.</summary>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="outputs">Rows of the weight.</param>
    /// <param name="inputs">Columns of the weight.</param>
    /// <param name="bias">[outputs], or empty for none; not rounded.</param>
    public abstract PackedHalfMatrix PackHalf(ReadOnlySpan<float> weight, int outputs, int inputs, ReadOnlySpan<float> bias);

    /// <summary>
    /// C = A Wᵀ + bias, or C += A Wᵀ + bias. Weights are widened on the way and sums are float32: to the bit what <see cref="Pack"/> and <c>Multiply</c> of the
    /// rounded weights give. Meant for a few rows, where reading the weights takes the time; any number is right.
    /// </summary>
    /// <param name="a">[rows, inputs].</param>
    /// <param name="aStride">Row distance of A.</param>
    /// <param name="rows">Rows of A and C; 0 is allowed.</param>
    /// <param name="weight">Packed by this set.</param>
    /// <param name="c">[rows, outputs]; must not overlap A.</param>
    /// <param name="cStride">Row distance of C.</param>
    /// <param name="accumulate">Add to what C holds (a residual).</param>
    public abstract void Multiply(ReadOnlySpan<float> a, int aStride, int rows, PackedHalfMatrix weight, Span<float> c, int cStride, bool accumulate = false);
}
