using System.Runtime.Intrinsics.X86;
using Realtime.Models.Kernels;

namespace Realtime.Models.Tests.Kernels;

/// <summary>The kernel sets that this processor runs, by name.</summary>
internal static class KernelSets
{
    public static TheoryData<string> Names => [.. KernelSet.Supported.Select(set => set.Name)];

    /// <summary>Sets whose multiply-add is fused; all but the portable one on a processor without such an instruction.</summary>
    public static IReadOnlyList<KernelSet> Fused =>
        [.. KernelSet.Supported.Where(set => set.Name != "portable" || Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported)];

    public static KernelSet Named(string name) => KernelSet.Supported.Single(set => set.Name == name);
}
