namespace Realtime.Models.Kernels;

/// <summary>The kernels for one width of register.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed unsafe partial class VectorKernels<TLanes>(string name) : KernelSet where TLanes : struct, ILanes<TLanes>
{
    public override string Name => name;

    internal override int PanelWidth => 2 * TLanes.Count;

    private static void Need(bool holds, string what)
    {
        if (!holds) throw new ArgumentException(what);
    }
}
