using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Transformer;

namespace Realtime.Models.Tests.Transformer;

/// <summary>The counted multiply-adds against figures worked out by hand from the networks' definition.</summary>
public sealed class ModelWorkTests
{
    private const long Hop = 25_000_000;

    [Theory]
    [InlineData(false, 239.1)]
    [InlineData(true, 4429)]
    public void The_processor_of_poyo_is_the_known_floor(bool large, double millions)
    {
        var stages = ModelWork.Poyo(large ? PoyoConfig.Poyo12M : PoyoConfig.Poyo1M, 1500, 2, Hop);
        Assert.Equal(millions, stages.Where(stage => stage.Stage.StartsWith("processor", StringComparison.Ordinal)).Sum(stage => stage.MultiplyAdds) * 1e-6, millions * 5e-4);
    }

    [Fact]
    public void Carried_work_counts_15_of_64_pairs_and_only_where_the_hop_allows_it()
    {
        double Encoder(long hop) => ModelWork.Poyo(PoyoConfig.Poyo1M, 1500, 2, hop)[0].MultiplyAdds;

        // Half of the width for scores and all of it for sums: 1.5 × 1500 spikes × 128 latents × 128.
        Assert.Equal(36_864_000, Encoder(0));
        Assert.Equal(36_864_000 * 15.0 / 64, Encoder(Hop), 1e-6);
        Assert.Equal(Encoder(Hop), Encoder(125_000_000));
        Assert.Equal(36_864_000, Encoder(20_000_000));
        Assert.Equal(36_864_000, Encoder(5_000_000));
    }

    [Theory]
    [InlineData(false, 376_928)]
    [InlineData(true, 7_546_080)]
    public void A_chunk_of_possm_takes_what_its_sizes_say(bool large, double expected) =>
        Assert.Equal(expected, ModelWork.Possm(large ? PossmConfig.Large : PossmConfig.Small, 75, 2).Sum(stage => stage.MultiplyAdds));
}
