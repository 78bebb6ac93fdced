namespace Realtime.Models.Kernels;

/// <summary>
/// A linear map in the order that the product reads it: panels of a few columns, each panel [inputs, panel width], columns beyond the
/// last one zero. Made by <see cref="KernelSet.Pack"/> for that set only. Immutable but for <see cref="Next"/>; any thread.
/// </summary>
public sealed class PackedMatrix
{
    internal PackedMatrix(int outputs, int inputs, int panelWidth)
    {
        Outputs = outputs;
        Inputs = inputs;
        PanelWidth = panelWidth;
        Panels = (outputs + panelWidth - 1) / panelWidth;
        Weights = new AlignedFloats(checked(Panels * panelWidth * inputs));
        Bias = new AlignedFloats(Panels * panelWidth);
    }

    public int Outputs { get; }

    public int Inputs { get; }

    /// <summary>The matrix that is multiplied with next, or null: it is asked for while this one's last panel is worked on. A hint, set before use.</summary>
    internal PackedMatrix? Next { get; set; }

    internal int PanelWidth { get; }

    internal int Panels { get; }

    internal AlignedFloats Weights { get; }

    internal AlignedFloats Bias { get; }
}
