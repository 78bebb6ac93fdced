using System.Numerics;
using System.Runtime.Intrinsics;

namespace Realtime.Models.Kernels;

/// <summary>
/// The float32 arithmetic of the models for one kind of processor. Every element is computed by one fixed sequence of operations that
/// does not depend on the number of rows in the call, so splitting rows or heads among threads gives the same bits.
/// Stateless; any thread; allocates nothing but in <see cref="Pack"/>.
/// </summary>
/// <remarks>Matrices are row-major; a stride is the distance of two rows in numbers. Overlapping inputs and outputs are allowed only where said.</remarks>
public abstract partial class KernelSet
{
    /// <summary>The widest set that this processor runs.</summary>
    public static KernelSet Best => Supported[0];

    /// <summary>All sets that this processor runs, the widest first: avx512, avx2, portable.</summary>
    public static IReadOnlyList<KernelSet> Supported { get; } = FindSupported();

    /// <summary>"avx512", "avx2" or "portable".</summary>
    public abstract string Name { get; }

    /// <summary>Columns of one panel of a <see cref="PackedMatrix"/>.</summary>
    internal abstract int PanelWidth { get; }

    /// <summary>Puts the weights of a linear map into the order that <see cref="Multiply(ReadOnlySpan{float}, int, int, PackedMatrix, Span{float}, int, bool)"/> reads.</summary>
    /// <param name="weight">[outputs, inputs], as PyTorch keeps it.</param>
    /// <param name="outputs">Rows of the weight.</param>
    /// <param name="inputs">Columns of the weight.</param>
    /// <param name="bias">[outputs], or empty for none.</param>
    public abstract PackedMatrix Pack(ReadOnlySpan<float> weight, int outputs, int inputs, ReadOnlySpan<float> bias);

    /// <summary>C = A Wᵀ + bias, or C += A Wᵀ + bias.</summary>
    /// <param name="a">[rows, inputs].</param>
    /// <param name="aStride">Row distance of A.</param>
    /// <param name="rows">Rows of A and C; 0 is allowed.</param>
    /// <param name="weight">Packed by this set.</param>
    /// <param name="c">[rows, outputs]; must not overlap A.</param>
    /// <param name="cStride">Row distance of C.</param>
    /// <param name="accumulate">Add to what C holds (a residual).</param>
    public abstract void Multiply(ReadOnlySpan<float> a, int aStride, int rows, PackedMatrix weight, Span<float> c, int cStride, bool accumulate = false);

    /// <summary>
    /// Multi-head attention: per head, out = softmax(q kᵀ + keyBias) v. Scores are not scaled: 1/√(head width) belongs into the queries'
    /// weights. A query that sees no key gets 0.
    /// </summary>
    /// <param name="shape">Sizes and strides; heads are contiguous blocks of a row.</param>
    /// <param name="q">[queries, heads × headDim].</param>
    /// <param name="k">[keys, heads × headDim].</param>
    /// <param name="v">[keys, heads × headDim].</param>
    /// <param name="keyBias">[keys] added to each score of the key (-∞ hides it), or empty.</param>
    /// <param name="output">[queries, heads × headDim]; must not overlap the inputs.</param>
    /// <param name="scratch">At least <see cref="AttentionScratch"/> numbers.</param>
    public abstract void Attend(in AttentionShape shape, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> keyBias, Span<float> output, Span<float> scratch);

    /// <summary>Numbers that <see cref="Attend"/> needs as scratch.</summary>
    public abstract int AttentionScratch(int keys, int headDim);

    /// <summary>Rotates neighbouring channels (2i, 2i+1) of each head in place: (x, y) → (x cos - y sin, y cos + x sin), or back.</summary>
    /// <param name="x">[rows, ...], heads from the start of each row.</param>
    /// <param name="stride">Row distance of x.</param>
    /// <param name="heads">Heads in a row.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="table">Cosines and sines of the rows.</param>
    /// <param name="firstRow">Row of the table that belongs to the first row of x.</param>
    /// <param name="rows">Rows to rotate.</param>
    /// <param name="back">Rotate by the negative angle.</param>
    /// <param name="rowsPerTime">Rows of x that share a row of the table.</param>
    public abstract void Rotate(Span<float> x, int stride, int heads, int headDim, RotaryTable table, int firstRow, int rows, bool back = false, int rowsPerTime = 1);

    /// <summary>Layer normalisation without gain and bias: (x - mean) / √(variance + 1e-5), biased variance. x and y may be the same.</summary>
    public abstract void Normalize(ReadOnlySpan<float> x, int rows, int width, Span<float> y);

    /// <summary>Layer normalisation with gain and bias [width]. x and y may be the same.</summary>
    public abstract void LayerNorm(ReadOnlySpan<float> x, int rows, int width, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, Span<float> y);

    /// <summary>Gated GELU: out = a × gelu(g), a the first and g the second half of each row, gelu(g) = g (1 + erf(g / √2)) / 2.</summary>
    /// <param name="hidden">[rows, 2 × half].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="half">Width of the output.</param>
    /// <param name="output">[rows, half].</param>
    public abstract void Geglu(ReadOnlySpan<float> hidden, int rows, int half, Span<float> output);

    /// <summary>e to the x. 0 below -87.3, and capped above 88; the bound of the relative error is in docs/kernels.md. x and y may be the same.</summary>
    public abstract void Exp(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>The error function. x and y may be the same.</summary>
    public abstract void Erf(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>Rows to probabilities, in place; a row of -∞ becomes 0.</summary>
    public abstract void Softmax(Span<float> x, int rows, int width);

    /// <summary>Cosines and sines of angles in turns: cos(2π x), sin(2π x). Whole turns are taken off in double.</summary>
    public abstract void CosSinTurns(ReadOnlySpan<double> turns, Span<float> cos, Span<float> sin);

    /// <summary>
    /// The gates of a GRU step: r = σ(i_r + h_r), z = σ(i_z + h_z), n = tanh(i_n + r h_n), h ← (1 - z) n + z h. Order r, z, n as in PyTorch;
    /// the reset gate multiplies h_n with its bias.
    /// </summary>
    /// <param name="input">[3 × width], W_ih x + b_ih.</param>
    /// <param name="hidden">[3 × width], W_hh h + b_hh.</param>
    /// <param name="state">[width], h before and after.</param>
    public abstract void GruGates(ReadOnlySpan<float> input, ReadOnlySpan<float> hidden, Span<float> state);

    /// <summary>Adds one part of the keys to an attention that is gathered part by part.</summary>
    internal abstract void AttendPart(in PartialAttention part);

    /// <summary>Numbers that <see cref="AttendPart"/> needs as scratch.</summary>
    internal abstract int PartialAttentionScratch { get; }

    /// <summary>Merges a row's parts: output = Σ e^(score - top) v and weight = Σ e^(score - top) over all of them.</summary>
    internal abstract unsafe void MergeParts(in AttentionParts parts, float* output, out float top, out float weight);

    /// <summary>x = a x + b y.</summary>
    internal abstract void Combine(Span<float> x, float a, ReadOnlySpan<float> y, float b);

    /// <summary>e to the x of one number up to 0.</summary>
    internal abstract float ExpOfNegativeNumber(float x);

    private static KernelSet[] FindSupported()
    {
        var sets = new List<KernelSet>();
        if (Lanes512.IsSupported) sets.Add(new VectorKernels<Lanes512>("avx512", new ProductTiles<Vector512Ops, Vector512<float>>()));
        if (Lanes256.IsSupported) sets.Add(new VectorKernels<Lanes256>("avx2", new ProductTiles<Vector256Ops, Vector256<float>>()));
        sets.Add(new VectorKernels<LanesPortable>("portable", new ProductTiles<VectorPortableOps, Vector<float>>()));
        return [.. sets];
    }
}
