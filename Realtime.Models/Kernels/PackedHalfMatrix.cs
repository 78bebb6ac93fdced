namespace Realtime.Models.Kernels;

/// <summary>
/// A linear map whose weights are kept as bfloat16 (the upper half of a float32, rounded to the nearest, ties to even: relative error up to 2^-8), in half
/// the memory of <see cref="PackedMatrix"/>; the bias stays float32. Made by <see cref="KernelSet.PackHalf"/> for that set only. Immutable; any thread.
/// </summary>
/// <remarks>Panels as there; a row of a panel is one vector of 32-bit words, which hold the first half of its columns in their lower halves and the second in
/// their upper ones, so that a shift and a mask widen them.</remarks>
public sealed class PackedHalfMatrix
{
    internal PackedHalfMatrix(int outputs, int inputs, int panelWidth)
    {
        Outputs = outputs;
        Inputs = inputs;
        PanelWidth = panelWidth;
        Panels = (outputs + panelWidth - 1) / panelWidth;
        Words = new AlignedFloats(checked(Panels * (panelWidth / 2) * inputs));
        Bias = new AlignedFloats(Panels * panelWidth);
    }

    public int Outputs { get; }

    public int Inputs { get; }

    internal int PanelWidth { get; }

    internal int Panels { get; }

    /// <summary>Two weights in each number's bits.</summary>
    internal AlignedFloats Words { get; }

    internal AlignedFloats Bias { get; }
}
