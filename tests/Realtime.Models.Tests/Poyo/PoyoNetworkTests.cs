using Realtime.Models.Kernels;
using Realtime.Models.Poyo;

namespace Realtime.Models.Tests.Poyo;

/// <summary>The plain form for any configuration, batch and window.</summary>
public sealed class PoyoNetworkTests
{
    private static readonly PoyoConfig Odd = new()
    {
        SequenceLength = 1.1,
        LatentStep = 0.1,
        NumLatentsPerStep = 3,
        Dim = 24,
        Depth = 1,
        DimHead = 12,
        CrossHeads = 3,
        SelfHeads = 5,
    };

    public static TheoryData<string, int> Shapes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var kernels in KernelSet.Supported)
            {
                for (var seed = 1; seed <= 6; seed++) data.Add(kernels.Name, seed);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Any_configuration_agrees_with_loops_in_double(string kernelName, int seed)
    {
        var random = new Random(seed);
        var config = seed == 1 ? Odd : new PoyoConfig
        {
            SequenceLength = 0.3 + random.NextDouble(),
            LatentStep = 0.1 + 0.2 * random.NextDouble(),
            NumLatentsPerStep = random.Next(1, 6),
            Dim = random.Next(3, 40),
            Depth = random.Next(0, 4),
            DimHead = 4 * random.Next(1, 7),
            CrossHeads = random.Next(1, 4),
            SelfHeads = random.Next(1, 5),
            TMax = 0.5 + random.NextDouble(),
        };
        var outputs = random.Next(1, 5);
        var weights = RandomPoyo.Weights(config, random, outputs: outputs);
        var sample = RandomPoyo.Sample(config, random, units: random.Next(1, 8), spikes: random.Next(0, 60), queries: random.Next(1, 9));
        var prediction = new PoyoNetwork(weights, Kernels(kernelName)).Forward(new PoyoTokenizer(config).Tokenize(sample));
        Same(NaivePoyo.Predict(weights, sample).SelectMany(row => row), prediction, 1e-4, $"seed {seed}, {config}");
    }

    [Fact]
    public void Padding_changes_nothing()
    {
        var random = new Random(3);
        var network = new PoyoNetwork(RandomPoyo.Weights(Odd, random), KernelSet.Best);
        var sample = RandomPoyo.Sample(Odd, random, units: 5, spikes: 41, queries: 5);
        var tokenizer = new PoyoTokenizer(Odd);
        var padded = tokenizer.TokenizeBatch([sample]);
        Assert.Equal((56, 8), (padded.Tokens, padded.Queries));
        var alone = network.Forward(tokenizer.Tokenize(sample));
        Assert.Equal(10, alone.Length);
        Same(alone, network.Forward(padded)[..10], 1e-5, "padding");
    }

    [Fact]
    public void Samples_of_one_batch_do_not_see_each_other()
    {
        var random = new Random(4);
        var network = new PoyoNetwork(RandomPoyo.Weights(Odd, random), KernelSet.Best);
        var tokenizer = new PoyoTokenizer(Odd);
        PoyoSample[] samples =
        [
            RandomPoyo.Sample(Odd, random, units: 2, spikes: 3, queries: 1),
            RandomPoyo.Sample(Odd, random, units: 8, spikes: 77, queries: 19, session: 2),
            RandomPoyo.Sample(Odd, random, units: 1, spikes: 0, queries: 4),
        ];
        var batch = tokenizer.TokenizeBatch(samples);
        Assert.Equal((96, 24), (batch.Tokens, batch.Queries));
        var together = network.Forward(batch);
        for (var index = 0; index < samples.Length; index++)
        {
            var alone = network.Forward(tokenizer.Tokenize(samples[index]));
            Same(alone, together.AsSpan(index * batch.Queries * 2, alone.Length).ToArray(), 1e-5, $"sample {index}");
        }
    }

    [Fact]
    public void The_order_of_spikes_and_units_has_no_effect_beyond_rounding()
    {
        var random = new Random(5);
        var network = new PoyoNetwork(RandomPoyo.Weights(Odd, random), KernelSet.Best);
        var tokenizer = new PoyoTokenizer(Odd);
        var sample = RandomPoyo.Sample(Odd, random, units: 6, spikes: 90, queries: 4);
        var order = Enumerable.Range(0, 90).OrderBy(spike => sample.SpikeTimes[spike]).ToArray();
        var sorted = sample with { SpikeUnits = [.. order.Select(spike => sample.SpikeUnits[spike])], SpikeTimes = [.. order.Select(spike => sample.SpikeTimes[spike])] };
        Assert.NotEqual(sample.SpikeTimes, sorted.SpikeTimes);
        Same(network.Forward(tokenizer.Tokenize(sample)), network.Forward(tokenizer.Tokenize(sorted)), 1e-5, "order");
        var turned = sample with { UnitRows = [.. sample.UnitRows.Reverse()], SpikeUnits = [.. sample.SpikeUnits.Select(unit => 5 - unit)] };
        Same(network.Forward(tokenizer.Tokenize(sample)), network.Forward(tokenizer.Tokenize(turned)), 1e-5, "units");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_window_without_spikes_and_even_without_units_is_answered(int units)
    {
        var random = new Random(6);
        var weights = RandomPoyo.Weights(Odd, random);
        var sample = RandomPoyo.Sample(Odd, random, units, spikes: 0, queries: 3);
        foreach (var kernels in KernelSet.Supported)
        {
            var prediction = new PoyoNetwork(weights, kernels).Forward(new PoyoTokenizer(Odd).Tokenize(sample));
            Same(NaivePoyo.Predict(weights, sample).SelectMany(row => row), prediction, 1e-4, kernels.Name);
        }
    }

    [Fact]
    public void A_batch_without_samples_or_queries_gives_nothing()
    {
        var network = new PoyoNetwork(RandomPoyo.Weights(Odd, new Random(7)), KernelSet.Best);
        var tokenizer = new PoyoTokenizer(Odd);
        Assert.Empty(network.Forward(tokenizer.TokenizeBatch([])));
        Assert.Empty(network.Forward(tokenizer.Tokenize(RandomPoyo.Sample(Odd, new Random(7), units: 2, spikes: 3, queries: 0))));
    }

    [Fact]
    public void A_batch_that_does_not_fit_the_model_is_refused_by_name()
    {
        var random = new Random(8);
        var network = new PoyoNetwork(RandomPoyo.Weights(Odd, random), KernelSet.Best);
        var batch = new PoyoTokenizer(Odd).Tokenize(RandomPoyo.Sample(Odd, random, units: 2, spikes: 3, queries: 1));
        Refused("input_unit_index", batch with { InputUnits = [1, 2, 3, 9, 1, 1, 1] });
        Refused("input_token_type", batch with { InputTypes = [1, 2, 3, 4, 1, 1, 1] });
        Refused("input_timestamps", batch with { InputTimes = [1, 2, 3, double.NaN, 1, 1, 1] });
        Refused("session_index", batch with { Sessions = [-1] });
        Refused("input_mask", batch with { InputMask = [true] });
        Refused("output_timestamps", batch with { OutputTimes = [] });

        void Refused(string name, PoyoBatch wrong) => Assert.Contains(name, Assert.Throws<ArgumentException>(() => network.Forward(wrong)).Message);
    }

    private static KernelSet Kernels(string name) => KernelSet.Supported.Single(kernels => kernels.Name == name);

    private static void Same(IEnumerable<double> expected, float[] actual, double tolerance, string what)
    {
        var values = expected.ToArray();
        Assert.Equal(values.Length, actual.Length);
        for (var i = 0; i < values.Length; i++)
            Assert.True(Math.Abs(values[i] - actual[i]) <= tolerance, $"{what}: value {i} is {actual[i]}, {values[i]} is due");
    }

    private static void Same(float[] expected, float[] actual, double tolerance, string what) => Same(expected.Select(value => (double)value), actual, tolerance, what);
}
