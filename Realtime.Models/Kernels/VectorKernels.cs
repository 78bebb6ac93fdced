namespace Realtime.Models.Kernels;

/// <summary>The kernels for one width of register.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed unsafe partial class VectorKernels<TLanes>(string name, ProductTiles tiles) : KernelSet where TLanes : struct, ILanes<TLanes>
{
    public override string Name => name;

    internal override int PanelWidth => PanelWidthOf;

    private static int PanelWidthOf => 2 * TLanes.Count;

    private static void Need(bool holds, string what)
    {
        if (!holds) throw new ArgumentException(what);
    }
}
