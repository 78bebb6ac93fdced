namespace Realtime.Models.Kernels;

/// <summary>What training needs beyond inference. All by address: the callers own the memory and have checked the sizes.</summary>
public abstract unsafe partial class KernelSet
{
    /// <summary>Numbers that <see cref="AddTransposedProduct"/> needs as scratch.</summary>
    internal abstract int TransposedProductScratch { get; }

    /// <summary>Puts the present values of a weight into a matrix made for them.</summary>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="transposed">The matrix multiplies by the weight itself instead of by its transpose: its outputs are the weight's inputs.</param>
    /// <param name="packed">Of the weight's size, the right way round.</param>
    internal abstract void Repack(ReadOnlySpan<float> weight, bool transposed, PackedMatrix packed);

    /// <summary>C = A Wᵀ + bias, or C += A Wᵀ + bias, for many rows; the bias is the caller's, [outputs] or null.</summary>
    internal abstract void Product(float* a, nint aStride, int rows, PackedMatrix weight, float* bias, float* c, nint cStride, bool accumulate);

    /// <summary>C += Aᵀ B, the gradient of a weight: A [rows, m], B [rows, n], C [m, n] without gaps.</summary>
    internal abstract void AddTransposedProduct(float* a, nint aStride, int m, float* b, nint bStride, int n, int rows, float* c, float* scratch);

    /// <summary>sums += Σ over rows of x; [width].</summary>
    internal abstract void AddColumnSums(float* x, nint stride, int rows, int width, float* sums);

    /// <summary>x += y.</summary>
    internal abstract void AddTo(float* x, float* y, int length);

    /// <summary>Adds to the gradients of layer normalisation; those of gain and bias may be null.</summary>
    /// <param name="x">[rows, width], the input.</param>
    /// <param name="dy">[rows, width].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Numbers in a row.</param>
    /// <param name="gain">[width].</param>
    /// <param name="dx">[rows, width], or null.</param>
    /// <param name="accumulate">Add to dx.</param>
    /// <param name="dGain">[width], added to.</param>
    /// <param name="dBias">[width], added to.</param>
    internal abstract void LayerNormGradient(float* x, float* dy, int rows, int width, float* gain, float* dx, bool accumulate, float* dGain, float* dBias);

    /// <summary>Of <see cref="Geglu"/>: hidden and its gradient [rows, 2 half], dy [rows, half].</summary>
    internal abstract void GegluGradient(float* hidden, float* dy, int rows, int half, float* dHidden, bool accumulate);

    /// <summary>dx = dy × slope of <see cref="Gelu"/> at x, or dx += that.</summary>
    internal abstract void GeluGradient(float* x, float* dy, int length, float* dx, bool accumulate);

    /// <summary>dx = dy × slope of <see cref="Softsign"/> at x, or dx += that.</summary>
    internal abstract void SoftsignGradient(float* x, float* dy, int length, float scale, float* dx, bool accumulate);

    /// <summary>dx = dy where x is above 0 and 0 elsewhere, or dx += that.</summary>
    internal abstract void ReluGradient(float* x, float* dy, int length, float* dx, bool accumulate);

    /// <summary>y = x times what the draw keeps of places 0 on, or y += that. x and y may be the same.</summary>
    internal abstract void Drop(float* x, int length, in DropoutDraw draw, float* y, bool accumulate);

    /// <summary><see cref="Rotate"/> with a row of the table for each row of x.</summary>
    internal abstract void RotateRows(float* x, nint stride, int heads, int headDim, RotaryTable table, int* tableRows, int rows, bool back);

    /// <summary>
    /// <see cref="GruGates"/> that keeps what the way back reads: the gates become r, z, n in place, and h_n is stored. The state before the step is
    /// read apart from the one after it.
    /// </summary>
    internal abstract void GruForward(float* gates, float* hidden, float* before, float* after, float* hiddenN, int width);

    /// <summary>One step back: from the gradient of the state after it to those of both maps' gates, and the part that the old state gets directly.</summary>
    /// <param name="gates">r, z, n.</param>
    /// <param name="hiddenN">h_n.</param>
    /// <param name="before">State before the step.</param>
    /// <param name="dAfter">Gradient of the state as an output.</param>
    /// <param name="carry">Gradient of the state from the step after; becomes the old state's, without what comes through the hidden map.</param>
    /// <param name="dInput">[3 width].</param>
    /// <param name="dHidden">[3 width].</param>
    /// <param name="width">Of the state.</param>
    internal abstract void GruBackward(float* gates, float* hiddenN, float* before, float* dAfter, float* carry, float* dInput, float* dHidden, int width);

    /// <summary>Numbers that <see cref="AttendSegment"/> and <see cref="AttendSegmentGradient"/> need as scratch.</summary>
    internal abstract int SegmentScratch(int queries, int keys, int headDim);

    /// <summary>Numbers of <see cref="SegmentAttention.Kept"/>.</summary>
    internal abstract int SegmentKept(int queries, int keys, int heads, int headDim);

    /// <summary>Attention of one segment: writes the output.</summary>
    internal abstract void AttendSegment(in SegmentAttention segment);

    /// <summary>The way back of <see cref="AttendSegment"/>: adds to the gradients of queries, keys and values.</summary>
    internal abstract void AttendSegmentGradient(in SegmentAttention segment);
}
