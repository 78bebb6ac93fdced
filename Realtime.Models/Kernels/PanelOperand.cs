namespace Realtime.Models.Kernels;

/// <summary>One panel of the right matrix of a product: element (k, column) lies at k × Step + column.</summary>
/// <remarks>Bias is a panel's width of numbers, or null for none.</remarks>
internal readonly unsafe struct PanelOperand(float* data, nint step, float* bias)
{
    public readonly float* Data = data;

    public readonly nint Step = step;

    public readonly float* Bias = bias;

    /// <summary>What comes after some k; the bias belongs to the beginning.</summary>
    public PanelOperand After(nint k) => new(Data + k * Step, Step, null);
}
