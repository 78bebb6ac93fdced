using Realtime.Models.Poyo;

namespace Realtime.Models.Tests.Poyo;

public sealed class PoyoTokenizerTests
{
    private static readonly PoyoConfig Config = new() { SequenceLength = 1.0, LatentStep = 0.4, NumLatentsPerStep = 2 };

    [Fact]
    public void Delimiters_of_every_unit_come_first_then_the_spikes_as_given()
    {
        var batch = new PoyoTokenizer(Config).Tokenize(Sample([0.9, 0.2, 0.5], [1, 0, 1]));
        Assert.Equal([7, 7, 3, 3, 5, 5, 3, 7, 3], batch.InputUnits);
        Assert.Equal([1, 2, 1, 2, 1, 2, 0, 0, 0], batch.InputTypes);
        Assert.Equal([0, 1, 0, 1, 0, 1, 0.9, 0.2, 0.5], batch.InputTimes);
        Assert.Equal([2], batch.Sessions);
        Assert.Null(batch.InputMask);
        Assert.Null(batch.OutputMask);
    }

    [Fact]
    public void Latents_lie_at_the_middles_of_steps_counted_upwards()
    {
        var batch = new PoyoTokenizer(Config).Tokenize(Sample([], []));
        Assert.Equal([0, 1, 0, 1, 0, 1], batch.LatentIndex);
        Assert.Equal([0.2, 0.2, 0.4 + 0.2, 0.4 + 0.2, 2 * 0.4 + 0.2, 2 * 0.4 + 0.2], batch.LatentTimes);

        // As NumPy's arange: 0.28 / 0.04 is more than 7 in double, 1.1 / 0.1 is 11.
        Assert.Equal(8, Latents(0.28, 0.04));
        Assert.Equal(11, Latents(1.1, 0.1));
        Assert.Equal(3, Latents(0.3, 0.1));

        static int Latents(double length, double step) =>
            new PoyoTokenizer(new PoyoConfig { SequenceLength = length, LatentStep = step, NumLatentsPerStep = 1 }).Tokenize(Sample([], [])).Latents;
    }

    [Fact]
    public void Spikes_outside_the_window_give_no_tokens_and_are_counted()
    {
        var batch = new PoyoTokenizer(Config).Tokenize(Sample([-1e-9, 0, 0.5, Math.BitDecrement(1.0), 1.0, 7], [0, 0, 0, 0, 0, 0]));
        Assert.Equal([0, 0.5, Math.BitDecrement(1.0)], batch.InputTimes[6..]);
        Assert.Equal(3, batch.LeftOut);
    }

    [Fact]
    public void Batches_are_padded_with_zeros_to_a_multiple_of_8()
    {
        var batch = new PoyoTokenizer(Config).TokenizeBatch([Sample([0.5], [2]), Sample([0.1, 0.2, 0.3], [0, 1, 2])]);
        Assert.Equal((2, 16, 8), (batch.Samples, batch.Tokens, batch.Queries));
        Assert.Equal(Enumerable.Repeat(true, 7).Concat(Enumerable.Repeat(false, 9)), batch.InputMask![..16]);
        Assert.Equal(9, batch.InputMask[16..].Count(real => real));
        Assert.All(batch.InputUnits[7..16], unit => Assert.Equal(0, unit));
        Assert.All(batch.InputTypes[7..16], type => Assert.Equal(0, type));
        Assert.All(batch.InputTimes[7..16], time => Assert.Equal(0, time));
        Assert.Equal([true, true, false, false, false, false, false, false], batch.OutputMask![..8]);
        Assert.Equal([0.25, 1.5, 0, 0, 0, 0, 0, 0], batch.OutputTimes[8..]);
    }

    [Fact]
    public void What_is_no_time_and_no_unit_is_refused()
    {
        var tokenizer = new PoyoTokenizer(Config);
        Assert.Contains("Spike 1", Assert.Throws<ArgumentException>(() => tokenizer.Tokenize(Sample([0.5, double.NaN], [0, 0]))).Message);
        Assert.Contains("unit 3", Assert.Throws<ArgumentException>(() => tokenizer.Tokenize(Sample([0.5], [3]))).Message);
        Assert.Contains("unit -1", Assert.Throws<ArgumentException>(() => tokenizer.Tokenize(Sample([0.5], [-1]))).Message);
        Assert.Contains("2 spike times and 1", Assert.Throws<ArgumentException>(() => tokenizer.Tokenize(Sample([0.5, 0.6], [1]))).Message);
        Assert.Contains("Query 0", Assert.Throws<ArgumentException>(() => tokenizer.Tokenize(Sample([], []) with { QueryTimes = [double.PositiveInfinity] })).Message);
    }

    private static PoyoSample Sample(double[] times, int[] units) => new()
    {
        UnitRows = [7, 3, 5],
        SpikeUnits = units,
        SpikeTimes = times,
        SessionRow = 2,
        QueryTimes = [0.25, 1.5],
    };
}
