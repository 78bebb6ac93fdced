using Realtime.Models.Kernels;
using Realtime.Models.Poyo;
using Realtime.Models.Transformer;
using Realtime.Models.Verification;
using Realtime.Tests;

namespace Realtime.Models.Tests.Poyo;

/// <summary>POYO against what upstream's own code computed in double.</summary>
public sealed class PoyoGoldenTests
{
    private static readonly string[] Arrays =
    [
        "input_unit_index", "input_token_type", "input_timestamps", "input_mask", "latent_index", "latent_timestamps", "session_index", "output_timestamps", "output_mask",
    ];

    public static TheoryData<string> KernelNames => [.. KernelSet.Supported.Select(kernels => kernels.Name)];

    [Fact]
    public void Tiny_agrees_with_upstream() => Agrees(PoyoVerifier.Run(PoyoFolders.Tiny), depth: 2);

    [NeedsSharedFact]
    public void The_published_configuration_agrees_with_upstream() => Agrees(PoyoVerifier.Run(PoyoFolders.ReadPublished()), depth: 6);

    [Theory]
    [MemberData(nameof(KernelNames))]
    public void Angles_agree_with_upstream(string kernelName)
    {
        var kernels = KernelSet.Supported.Single(set => set.Name == kernelName);
        var golden = new PoyoGolden(PoyoFolders.Tiny);
        var rotary = new RotaryTime(golden.Weights.Omega);
        var headDim = golden.Weights.Config.DimHead;

        // Upstream rounds to float32 what it has computed in double; one ulp of 1 is 6e-8.
        SameAngles("f64.rotary.input", rotary.Table(golden.Batch.InputTimes, kernels), 1e-6);
        SameAngles("f64.rotary.latent", rotary.Table(golden.Batch.LatentTimes, kernels), 1e-6);
        SameAngles("f32.rotary.output", Float32Angles.Table(golden.Batch.OutputTimes, golden.Weights.Omega), 1e-6);

        void SameAngles(string tensor, RotaryTable table, double tolerance)
        {
            var reference = PoyoFolders.Tiny.Outputs.Doubles(tensor);
            Assert.Equal(table.Rows * 2 * headDim, reference.Length);
            for (var row = 0; row < table.Rows; row++)
            {
                for (var channel = 0; channel < headDim; channel++)
                {
                    var at = row * table.Width + channel;
                    var (cos, sin) = channel < table.Width ? (table.Cos[at], channel % 2 == 0 ? -table.Sin[at] : table.Sin[at]) : (1f, 0f);
                    Assert.Equal(reference[row * 2 * headDim + channel], cos, tolerance);
                    Assert.Equal(reference[row * 2 * headDim + headDim + channel], sin, tolerance);
                }
            }
        }
    }

    [Fact]
    public void Rounding_the_queries_angles_as_upstream_does_meets_its_float32_run()
    {
        var golden = new PoyoGolden(PoyoFolders.Tiny);
        var prediction = new PoyoNetwork(golden.Weights, KernelSet.Best, QueryAngles.Float32).Forward(golden.Batch);
        var theirs = PoyoFolders.Tiny.Outputs.Floats("f32.pred");
        for (var i = 0; i < prediction.Length; i++)
        {
            if (golden.Batch.OutputMask![i / golden.Weights.Outputs]) Assert.Equal(theirs[i], prediction[i], 2e-5);
        }
    }

    private static void Agrees(IReadOnlyList<VerifyCase> cases, int depth)
    {
        Assert.Equal(["poyo tokens", .. KernelSet.Supported.Select(kernels => $"poyo plain, {kernels.Name}")], cases.Select(result => result.Name).Take(1 + KernelSet.Supported.Count));
        string[] stages =
        [
            "latents.after_enc_atn", "latents.after_enc_ffn",
            .. Enumerable.Range(0, depth).SelectMany(layer => (string[])[$"latents.after_proc_atn.{layer}", $"latents.after_proc.{layer}"]),
            "queries.after_dec_atn", "queries.after_dec_ffn", "pred",
        ];
        Assert.Equal(Arrays, cases[0].Stages.Select(stage => stage.Name));
        Assert.All(cases[0].Stages, stage => Assert.Equal(0, stage.Tolerance));
        foreach (var plain in cases.Skip(1).Take(KernelSet.Supported.Count))
        {
            Assert.Equal(stages, plain.Stages.Select(stage => stage.Name));
            Assert.All(plain.Stages, stage => Assert.Equal(1e-4, stage.Tolerance));
        }

        foreach (var result in cases) Assert.All(result.Stages, stage => Assert.True(stage.Pass, $"{result.Name}: {stage}"));
    }
}
