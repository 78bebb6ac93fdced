using Realtime.Host.Running;

namespace Realtime.Host.Tests.Running;

public class DecimatingSeriesTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1_000)]
    [InlineData(100_003)]
    public void Rows_stay_evenly_spaced_from_the_first_and_within_the_capacity(int rows)
    {
        var series = new DecimatingSeries(columns: 2, capacity: 8);
        for (var row = 0; row < rows; row++) series.Add([row, -row]);
        var kept = series.Column(0);
        Assert.InRange(kept.Length, Math.Min(rows, 4), 8);
        var stride = kept[1] - kept[0];
        for (var i = 0; i < kept.Length; i++) Assert.Equal(i * stride, kept[i]);
        Assert.True(kept[^1] + stride >= rows, "the last rows are covered");
        Assert.Equal(kept.Select(value => -value), series.Column(1));
    }
}
