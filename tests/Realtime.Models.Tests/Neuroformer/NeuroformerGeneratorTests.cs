using Realtime.Models.Neuroformer;

namespace Realtime.Models.Tests.Neuroformer;

/// <summary>Generation where upstream has no reference: feedback, sampling, repetition.</summary>
public sealed class NeuroformerGeneratorTests
{
    private static readonly NeuroformerConfig Config = RandomNeuroformer.Config;
    private static readonly NeuroformerWeights Weights = RandomNeuroformer.Weights(Config);

    [Fact]
    public void Feedback_gives_the_next_window_what_was_generated_in_ascending_order()
    {
        var generator = new NeuroformerGenerator(Weights, NeuroformerPastMode.Feedback, new() { Sample = true, Seed = 4 });
        var first = generator.Next(Given(0));
        Assert.Equal(first.Spikes, first.Spikes.Order());
        var second = generator.Next(Given(1));
        var expected = new NeuroformerTokenizer(Config).Sequence([.. first.Spikes], Config.BlockPrevId);
        Assert.Equal(expected.Ids[..^1], second.Window.PastIds);
        Assert.Equal(expected.Times[..^1].Select(time => (float)time), second.Window.PastTimes);
        Assert.Throws<ArgumentException>(() => generator.Next(Given(-1)));
    }

    [Fact]
    public void Feedback_keeps_true_spikes_from_before_the_first_window()
    {
        var wide = Config with { DtBins = 16, WindowPrev = 0.1 };
        var generator = new NeuroformerGenerator(RandomNeuroformer.Weights(wide), NeuroformerPastMode.Feedback, new() { Sample = true, Seed = 4 });
        NeuroformerGenerationWindow At(int window) => Given(window) with { Past = [new(1, 5), new(8, 6)] };
        Assert.Equal([8, 5, 6, 9], generator.Next(At(0)).Window.PastIds[..4]);

        // One window later only the first half of the past is true.
        var past = generator.Next(At(1)).Window;
        Assert.Equal([8, 5], past.PastIds[..2]);
        Assert.DoesNotContain(past.PastTimes[2..].TakeWhile(time => time < wide.DtBins), time => time < 5);
    }

    [Fact]
    public void A_seed_gives_the_same_spikes_again_and_another_seed_others()
    {
        int[] Ids(ulong seed)
        {
            var generator = new NeuroformerGenerator(Weights, NeuroformerPastMode.TruePast, new() { Sample = true, TopP = 0.95, TopPTime = 0.95, Seed = seed });
            return [.. Enumerable.Range(0, 4).SelectMany(window => generator.Next(Given(window)).Ids)];
        }

        Assert.Equal(Ids(1), Ids(1));
        Assert.NotEqual(Ids(1), Ids(2));
    }

    [Fact]
    public void True_spikes_of_the_current_window_do_not_leak_into_generation()
    {
        var one = new NeuroformerGenerator(Weights, NeuroformerPastMode.TruePast).Next(Given(0));
        var other = new NeuroformerGenerator(Weights, NeuroformerPastMode.TruePast).Next(Given(0) with { Current = RandomNeuroformer.Spikes(7, 99, Config) });
        Assert.Equal(one.Ids, other.Ids);
        Assert.Equal(one.IdLogits, other.IdLogits);
        Assert.NotEqual(one.Before.Predictions[0][0], other.Before.Predictions[0][0]);
    }

    [Theory]
    [InlineData(-1, 0.0, 1.0)]
    [InlineData(0, 1.5, 1.0)]
    [InlineData(0, 0.0, 0.0)]
    [InlineData(0, 0.0, double.NaN)]
    public void Sampling_out_of_range_is_refused(int topK, double topP, double temperature) => Assert.Throws<ArgumentException>(() =>
        new NeuroformerGenerator(Weights, NeuroformerPastMode.Default, new() { TopK = topK, TopP = topP, Temperature = temperature }));

    private static NeuroformerGenerationWindow Given(int window) => new()
    {
        FirstBin = 5 * window,
        Current = RandomNeuroformer.Spikes(4, 20 + window, Config),
        Past = RandomNeuroformer.Spikes(4, 40 + window, Config),
        Inputs = [[null, 0.05]],
    };
}
