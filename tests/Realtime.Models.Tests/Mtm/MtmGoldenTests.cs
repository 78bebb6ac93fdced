using Realtime.Models.Kernels;
using Realtime.Models.Verification;
using Realtime.Tests;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Mtm;

/// <summary>MtM against what its authors' own code computed in double.</summary>
public sealed class MtmGoldenTests(ITestOutputHelper output)
{
    private static readonly string[] Around = ["attn_mask", "embed", "out_norm", "log_rates", "rates", "masked_poisson_nll_sum", "masked_count", "bits_per_spike"];

    [Fact]
    public void Tiny_agrees_with_upstream() => Agrees(MtmFolders.ReadTiny(),
        ["neuron (bidirectional)", "padded (bidirectional)", "causal (causal)", "causal_back3 (causal)", "rope (causal)"], [.. Around, "layer0", "layer1"]);

    [NeedsSharedFact]
    public void Published_like_agrees_with_upstream() => Agrees(MtmFolders.ReadPublishedLike(),
        ["causal_upstream (upstream's causal mask, prefix sees the future)", "causal_strict (strict causal mask)", "cosmooth_57 (bidirectional)"],
        [.. Around, "stitched", "layer0", "layer1", "layer2", "layer3", "layer4"]);

    private void Agrees(GoldenFolder folder, string[] runs, string[] stages)
    {
        var cases = Verifier.Run(folder);
        foreach (var result in cases)
            foreach (var stage in result.Stages) output.WriteLine($"{result.Name}: {stage.Name} {stage.MaxAbsDiff:E2}");
        var plain = cases.Where(result => result.Name.StartsWith("mtm plain", StringComparison.Ordinal)).ToArray();
        Assert.Equal(runs.SelectMany(run => KernelSet.Supported.Select(set => $"mtm plain {run}, {set.Name}")), plain.Select(result => result.Name));
        Assert.All(plain, result => Assert.Equal(stages.Order(StringComparer.Ordinal), result.Stages.Select(stage => stage.Name).Order(StringComparer.Ordinal)));
        Assert.All(cases, result => Assert.True(result.Pass, result.Name));
    }
}
