using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation;

/// <summary>Parameters with their matrices in the order that products read them, for the way forward and back. One thread refreshes, many read.</summary>
public sealed class PackedParameters(ParameterSet parameters, KernelSet kernels)
{
    public ParameterSet Parameters { get; } = parameters;

    public KernelSet Kernels { get; } = kernels;

    /// <summary>Packs the present values; call it after each step.</summary>
    public void Refresh() => throw new NotImplementedException();
}
