namespace Realtime.Models.Kernels;

/// <summary>Attention whose keys come one after the other.</summary>
public abstract partial class KernelSet
{
    /// <summary>Room for keys that are appended one after the other.</summary>
    public KeptKeys MakeKeptKeys(int capacity, int heads, int headDim) => new(capacity, heads, headDim, PanelWidth);

    /// <summary>Puts more keys behind those that are there.</summary>
    /// <param name="keys">Made by this set.</param>
    /// <param name="k">[rows, heads × headDim].</param>
    /// <param name="stride">Row distance of k.</param>
    /// <param name="rows">Keys.</param>
    /// <exception cref="ArgumentException">They are more than there is room for.</exception>
    public abstract void Append(KeptKeys keys, ReadOnlySpan<float> k, int stride, int rows);

    /// <summary><see cref="AttendMasked"/> to the bit, with kept keys: nothing has to be put in order before scores are taken.</summary>
    /// <param name="shape">Sizes and strides; up to as many keys as have come, the key stride is not read.</param>
    /// <param name="q">[queries, heads × headDim].</param>
    /// <param name="keys">Made by this set.</param>
    /// <param name="v">[keys, heads × headDim].</param>
    /// <param name="scoreBias">[queries, keys], added to the scores of every head (-∞ hides the key), or empty where all keys are seen.</param>
    /// <param name="output">[queries, heads × headDim]; must not overlap the inputs.</param>
    /// <param name="scratch">At least <see cref="AttentionScratch"/> numbers.</param>
    public abstract void AttendKept(
        in AttentionShape shape, ReadOnlySpan<float> q, KeptKeys keys, ReadOnlySpan<float> v, ReadOnlySpan<float> scoreBias, Span<float> output, Span<float> scratch);
}
