using Realtime.Models.Kernels;
using Realtime.Models.Mtm;
using Realtime.Models.Verification;

namespace Realtime.Models.Tests.Mtm;

/// <summary>The live form against the plain one, bin after bin.</summary>
public sealed class MtmStreamTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string, Func<MtmSettings, MtmSettings>> Cases => new()
    {
        { "trial", settings => settings },
        { "trial, head over bins", settings => settings with { HeadBins = 4 } },
        { "trial, rates ahead", settings => settings with { Readout = "rates", ForwardBins = 3 } },
        { "trial, regions", settings => settings with { Readout = "regions" } },
        { "trial, limited context", settings => settings with { ContextBackward = 3, ForwardBins = 2 } },
        { "trial, a region hidden", settings => settings with { HiddenRegion = "PO" } },
        { "trial, hidden as means", settings => Means(settings) with { HiddenRegion = "PO", ForwardBins = 2 } },
        { "sliding, roots, hidden as means", settings => Means(settings) with { Mode = MtmLiveMode.Sliding, RootCounts = true, HiddenRegion = "CA1", HiddenUnits = ["probe/Electrode 5#1"], ForwardBins = 1, Readout = "rates" } },
        { "trial, rotary positions", settings => settings with { HyperParameters = RandomMtm.RotaryShape, ForwardBins = 2 } },
        { "sliding, bidirectional", settings => settings with { Mode = MtmLiveMode.Sliding, Prompt = MtmPrompt.Neuron, PrefixSeesBins = true } },
        { "sliding, causal, upstream's mask", settings => settings with { Mode = MtmLiveMode.Sliding, PrefixSeesBins = true, HeadBins = 3, ForwardBins = 2 } },
        { "sliding, strict", settings => settings with { Mode = MtmLiveMode.Sliding, Readout = "rates", ContextBackward = 5 } },
        { "sliding, rotary positions", settings => settings with { Mode = MtmLiveMode.Sliding, HyperParameters = RandomMtm.RotaryShape } },
        { "rotary", settings => settings with { Mode = MtmLiveMode.Rotary, HyperParameters = RandomMtm.RotaryShape, ContextBackward = 5 } },
        { "rotary, ahead", settings => settings with { Mode = MtmLiveMode.Rotary, HyperParameters = RandomMtm.RotaryShape, ContextBackward = 4, ForwardBins = 3, Readout = "regions" } },
        { "rotary, head over bins", settings => settings with { Mode = MtmLiveMode.Rotary, HyperParameters = RandomMtm.RotaryShape, ContextBackward = 2, HeadBins = 4 } },
        { "no prefix", settings => settings with { HyperParameters = RandomMtm.Shape with { UsePrompt = false, UseSession = false }, ForwardBins = 1 } },
        { "session only", settings => settings with { HyperParameters = RandomMtm.Shape with { UsePrompt = false } } },
        { "no stitchers", settings => settings with { HyperParameters = RandomMtm.Shape with { Stitching = false, NChannels = RandomMtm.Units }, Readout = "rates" } },
    };

    private static MtmSettings Means(MtmSettings settings) =>
        settings with { Sessions = [settings.Sessions[0] with { HiddenCounts = [.. Enumerable.Range(1, RandomMtm.Units).Select(neuron => 0.3f * neuron)] }, settings.Sessions[1]] };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Answers_are_those_of_the_plain_form(string name, Func<MtmSettings, MtmSettings> change)
    {
        foreach (var losses in new[] { false, true })
        {
            var file = RandomMtm.File(change);
            var model = MtmModel.Read(file);
            var kernels = KernelSet.Best;
            var (decoder, reference) = (new MtmDecoder(file, kernels), new MtmReference(model, RandomMtm.BinNs, KernelSet.Supported[^1]));
            var random = new Random(5);
            var (counts, valid) = (new List<float[]>(), new List<bool>());
            var values = new float[decoder.Description.Outputs.Count];

            // Missing bins hold the newest state for a head over several bins; the plain form computes them.
            var mayMiss = model.Settings.HeadBins == 1 || model.Settings.Mode == MtmLiveMode.Sliding;
            decoder.BeginTrial(RandomMtm.StartNs);
            var bins = model.Settings.Mode == MtmLiveMode.Trial ? RandomMtm.Shape.MaxF : 40;
            for (var bin = 0; bin < bins; bin++)
            {
                var isLost = losses && random.Next(4) == 0;
                var isMissing = losses && mayMiss && bin > 0 && random.Next(5) == 0;
                var spikes = isMissing ? [] : RandomMtm.Spikes(random);
                counts.Add(RandomMtm.Counts(spikes));
                valid.Add(!isLost && !isMissing);
                if (isMissing) continue;
                decoder.Decode(RandomMtm.Window(bin, spikes, isLost), values);
                var due = reference.Answer(counts, valid);
                Assert.Equal(due.Length, values.Length);
                for (var i = 0; i < values.Length; i++)
                {
                    if (double.IsNaN(due[i])) Assert.Equal(float.NaN, values[i]);
                    else Assert.True(Math.Abs(values[i] - due[i]) < Tolerance * (1 + Math.Abs(due[i])), $"{name}, bin {bin}, output {i}: {values[i]}, {due[i]} is due");
                }
            }
        }
    }

    [Fact]
    public void Later_bins_change_no_strict_answer_and_every_upstream_one()
    {
        var model = MtmModel.Read(RandomMtm.File(settings => settings));
        var network = new MtmNetwork(model.Weights);
        foreach (var strict in new[] { true, false })
        {
            var (a, b) = (Run(0), Run(4));
            var earlier = a.LogRates.Length / 2;
            Assert.Equal(strict, a.LogRates[..earlier].SequenceEqual(b.LogRates[..earlier]));
            Assert.NotEqual(a.LogRates[earlier..], b.LogRates[earlier..]);

            MtmOutput Run(float later)
            {
                var batch = new MtmBatch(1, 8, RandomMtm.Units) { SessionRow = 2, Mask = MtmMask.StrictCausal with { PrefixSeesBins = !strict } };
                for (var i = 0; i < batch.Counts.Length; i++) batch.Counts[i] = i < batch.Counts.Length / 2 ? i % 3 : later;
                return network.Forward(batch);
            }
        }
    }

    [Fact]
    public void Silence_is_seen_and_a_lost_bin_is_not()
    {
        var (silent, lost, lostWithSpikes) = (Answer([], false), Answer([], true), Answer([1, 2, 3], true));
        Assert.NotEqual(silent, lost);
        Assert.Equal(lost, lostWithSpikes);

        static float[] Answer(int[] spikes, bool isLost)
        {
            var decoder = RandomMtm.Decoder(settings => settings);
            var values = new float[2];
            decoder.BeginTrial(RandomMtm.StartNs);
            decoder.Decode(RandomMtm.Window(0, [4]), values);
            decoder.Decode(RandomMtm.Window(1, spikes, isLost), values);
            decoder.Decode(RandomMtm.Window(2, [5, 6]), values);
            return values;
        }
    }

    [Theory]
    [InlineData(MtmLiveMode.Trial)]
    [InlineData(MtmLiveMode.Sliding)]
    public void Rounded_weights_answer_as_the_plain_form_of_them_and_their_error_is_told(MtmLiveMode mode)
    {
        var result = Assert.Single(Verifier.Run(RandomMtm.File(settings => settings with { Mode = mode, HalfWeights = true, Readout = "rates", ForwardBins = 1 })));
        Assert.True(result.Pass, $"{result.Name}: {string.Join(", ", result.Stages)}");
        Assert.Equal(["rates, rounded weights", "error of bfloat16 weights"], result.Stages.Select(stage => stage.Name));
        Assert.InRange(result.Stages[1].MaxAbsDiff, 1e-5, 0.05);
    }

    [Theory]
    [InlineData(MtmLiveMode.Trial)]
    [InlineData(MtmLiveMode.Sliding)]
    [InlineData(MtmLiveMode.Rotary)]
    public void A_model_file_verifies(MtmLiveMode mode)
    {
        var shape = mode == MtmLiveMode.Rotary ? RandomMtm.RotaryShape : RandomMtm.Shape;
        Func<MtmSettings, MtmSettings>[] changes =
        [
            settings => settings with { Mode = mode, ContextBackward = 6, OutputSd = [20, 0.1], OutputMean = [3, -1] },
            settings => settings with { Mode = mode, ContextBackward = 6, HeadBins = 3, ForwardBins = 1 },
        ];
        foreach (var change in changes)
        {
            var file = RandomMtm.File(change, shape);
            var result = Assert.Single(Verifier.Run(file));
            Assert.True(result.Pass, $"{result.Name}: {result.Stages[0].MaxAbsDiff}");
        }
    }
}
