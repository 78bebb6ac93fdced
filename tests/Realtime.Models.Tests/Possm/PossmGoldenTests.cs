using Realtime.Models.Kernels;
using Realtime.Models.Possm;
using Realtime.Models.Verification;
using Realtime.Tests;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Possm;

/// <summary>POSSM against what its authors' own code computed in double.</summary>
public sealed class PossmGoldenTests(ITestOutputHelper output)
{
    private static readonly string[] Arrays =
    [
        "spike_unit_index", "spike_type", "spike_timestamps", "input_mask", "n_intervals", "output_session_index", "output_decoder_index", "output_timestamps",
        "output_bin_index", "output_mask", "token_mask", "latent_index", "latent_timestamps",
    ];

    private static readonly string[] Decoder = ["queries.after_dec_atn", "queries.after_dec_ffn", "pred.cursor_velocity_2d"];

    private static readonly string[] All = ["latents.after_enc_atn", "latents.after_enc_ffn", "gru.out.0", .. Decoder];

    [Fact]
    public void Tiny_agrees_with_upstream() => Agrees(PossmVerifier.Run(PossmFolders.Tiny));

    [NeedsSharedFact]
    public void The_published_small_configuration_agrees_with_upstream() => Agrees(PossmVerifier.Run(PossmFolders.ReadSmall()));

    private void Agrees(IReadOnlyList<VerifyCase> cases)
    {
        foreach (var result in cases)
            foreach (var stage in result.Stages) output.WriteLine($"{result.Name}: {stage.Name} {stage.MaxAbsDiff:E2}");
        string[] sets = [.. KernelSet.Supported.Select(kernels => kernels.Name)];
        string[] names =
        [
            "possm tokens",
            .. new[] { "as run", "strict", "late" }.SelectMany(run =>
                sets.Select(set => $"possm plain {run}, {set}").Concat(sets.Select(set => $"possm live {run}, {set}"))),
        ];
        Assert.Equal(names, cases.Select(result => result.Name));
        foreach (var result in cases)
        {
            var due = result.Name switch
            {
                "possm tokens" => Arrays,
                var name when name.Contains("live", StringComparison.Ordinal) => Decoder[2..],
                var name when name.Contains("late", StringComparison.Ordinal) => Decoder,
                _ => All,
            };
            Assert.Equal(due, result.Stages.Select(stage => stage.Name));
            var tolerance = result.Name == "possm tokens" ? 0 : 1e-4;
            Assert.All(result.Stages, stage => Assert.Equal(tolerance, stage.Tolerance));
            Assert.All(result.Stages, stage => Assert.True(stage.Pass, $"{result.Name}: {stage}"));
        }
    }
}
