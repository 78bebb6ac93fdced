using Realtime.Models.Possm;

namespace Realtime.Models.Tests.Possm;

/// <summary>What the golden folders do not show; those are in <see cref="PossmGoldenTests"/>.</summary>
public sealed class PossmTokenizerTests
{
    private static readonly PossmConfig Config = new() { NumLatents = 2 };

    [Fact]
    public void Borders_are_round_numbers_and_the_last_chunk_takes_what_is_left()
    {
        Assert.Equal([(0, 0.05), (0.05, 0.1), (0.1, 0.15), (0.15, 0.22 + 1e-6)], PossmTokenizer.Chunks(0.22, 0.05));
        Assert.Equal(200, PossmTokenizer.Chunks(10, 0.05).Length);
        Assert.Equal((7.35, 7.4), PossmTokenizer.Chunks(10, 0.05)[147]);
        Assert.Equal((0, 0.05 + 1e-6), Assert.Single(PossmTokenizer.Chunks(0.05, 0.05)));
    }

    [Theory]
    [InlineData(0.04)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_length_without_chunks_is_refused(double length) => Assert.Throws<ArgumentException>(() => PossmTokenizer.Chunks(length, 0.05));

    [Fact]
    public void A_spike_on_a_border_belongs_to_the_later_chunk_and_one_at_the_end_to_the_last()
    {
        var batch = PossmTokenizer.Tokenize(Config, Sample(0.15, [-1e-9, 0, 0.05, 0.1, 0.1, 0.15, 0.16, double.NaN], [1, 2, 3, 4, 5, 6, 7, 8], []));
        Assert.Equal((3, 3), (batch.Chunks, batch.Tokens));
        Assert.Equal([2, 0, 0, 3, 0, 0, 4, 5, 6], batch.UnitRows);
        Assert.Equal((float)(0.15 - 0.1), batch.TokenTimes[8]);
        Assert.Equal([true, false, false, true, false, false, true, true, true], batch.TokenMask);
        Assert.All(batch.InputMask, Assert.True);
    }

    [Fact]
    public void Queries_see_the_chunk_that_holds_them()
    {
        var batch = PossmTokenizer.Tokenize(Config, Sample(0.15, [], [], [0, 0.0499, 0.05, 0.149, 0.15, 0.151, 9]));
        Assert.Equal([1, 1, 2, 3, 3, 4, 4, 0], batch.QueryChunks);
        Assert.Equal([true, true, true, true, true, true, true, false], batch.QueryMask);
    }

    [Fact]
    public void Samples_are_padded_to_the_largest()
    {
        var batch = PossmTokenizer.Tokenize(Config, Sample(0.1, [0.01, 0.02], [1, 2], [0.05]), Sample(0.15, [0.11], [3], [0.01, 0.02]));
        Assert.Equal((2, 3, 2, 8), (batch.Samples, batch.Chunks, batch.Tokens, batch.Queries));
        Assert.Equal([2, 3], batch.ChunkCounts);
        Assert.Equal([1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0], batch.UnitRows);
        Assert.Equal([true, true, true, true, false, false, true, false, true, false, true, false], batch.InputMask);
        Assert.Equal([true, true, true, false, false, false, true, false, true, false, true, false], batch.TokenMask);
        Assert.Equal([0, 1, 0, 1], batch.LatentRows);
        Assert.Equal([0.0125, 1.5 * 0.05 / 2, 0.0125, 1.5 * 0.05 / 2], batch.LatentTimes);
    }

    [Fact]
    public void A_padded_batch_gives_each_sample_what_it_gives_alone()
    {
        var random = new Random(2);
        var config = Config with { Dim = 8, DimHead = 8, RnnDim = 12, Depth = 1 };
        foreach (var late in new[] { false, true })
        {
            var network = new PossmNetwork(RandomPossm.Weights(config, RandomPossm.Tensors(config, random, late, 9)));
            PossmSample[] samples = [Sample(0.1, [0.01, 0.02], [1, 2], [0.05, 0.1]), Sample(0.3, [0.01, 0.02, 0.03, 0.11], [3, 4, 5, 6], [0.01, 0.02, 0.3])];
            var together = network.Forward(PossmTokenizer.Tokenize(config, samples), PossmMask.AsRun, RandomPossm.Tasks)["velocity"];
            for (var index = 0; index < samples.Length; index++)
            {
                var alone = network.Forward(PossmTokenizer.Tokenize(config, samples[index]), PossmMask.AsRun, RandomPossm.Tasks)["velocity"];
                Assert.Equal(alone, together.AsSpan(index * alone.Length, alone.Length).ToArray());
            }
        }
    }

    [Fact]
    public void A_query_after_the_end_is_answered_by_the_early_revision_and_refused_by_the_late_one()
    {
        var config = Config with { Dim = 8, DimHead = 8, RnnDim = 12 };
        var batch = PossmTokenizer.Tokenize(config, Sample(0.1, [0.01], [1], [0.12, 5]));
        var tensors = RandomPossm.Tensors(config, new Random(3), late: true, 9);
        Assert.Throws<ArgumentException>(() => new PossmNetwork(RandomPossm.Weights(config, tensors)).Forward(batch, PossmMask.Strict, RandomPossm.Tasks));
        var early = RandomPossm.Weights(config, tensors.Where(tensor => tensor.Name != "dec_rotary_emb.omega"));
        Assert.All(new PossmNetwork(early).Forward(batch, PossmMask.Strict, RandomPossm.Tasks)["velocity"][..4], value => Assert.True(float.IsFinite(value) && value != 0));
    }

    private static PossmSample Sample(double length, double[] times, int[] rows, double[] queries) => new()
    {
        Length = length,
        SpikeTimes = times,
        SpikeRows = rows,
        SessionRow = 1,
        Queries = [new PossmQueries(1, queries)],
    };
}
