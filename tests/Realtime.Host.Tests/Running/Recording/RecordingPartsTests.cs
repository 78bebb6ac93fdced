using Realtime.Host.Running.Recording;

namespace Realtime.Host.Tests.Running.Recording;

public sealed class RecordingPartsTests
{
    [Fact]
    public void Spikes_leave_in_order_and_only_when_settled()
    {
        var order = new SpikeOrder(4);
        foreach (var (time, unit) in new[] { (30L, 1), (10L, 2), (20L, 0), (10L, 1), (50L, 3), (40L, 0) }) order.Add(time, unit);
        var taken = new List<(long, int)>();
        while (order.TryTake(41, out var time, out var unit)) taken.Add((time, unit));
        Assert.Equal([(10, 1), (10, 2), (20, 0), (30, 1), (40, 0)], taken);
        Assert.Equal(1, order.Count);
    }

    [Theory]
    [InlineData(123_456_789, 20_000_000, 30_000, 120_000_000)]
    [InlineData(-1, 20_000_000, 30_000, -20_000_000)]
    [InlineData(40_000_000, 20_000_000, 24_414.0625, 0)]
    [InlineData(12_345_678_901, 16_667_000, 30_000, 11_666_900_000)]
    public void A_sessions_start_is_a_tick_border_that_falls_on_a_sample(long startNs, long hopNs, double rateHz, long expectedNs) =>
        Assert.Equal(expectedNs, SessionOrigin.Of(startNs, hopNs, rateHz));

    [Fact]
    public void Where_no_border_near_falls_on_a_sample_the_start_is_taken() =>
        Assert.Equal(12_345_678_901, SessionOrigin.Of(12_345_678_901, 20_000_001, 30_000));

    [Fact]
    public void A_channel_that_stops_holds_no_row_for_ever_and_a_late_value_is_refused()
    {
        var rows = new BehaviourRows(2, 4);
        Assert.True(rows.Add(0, 0, 1) && rows.Add(0, 1, 2));
        Assert.True(rows.TryTake(100, all: false, out var sample, out var row));
        Assert.Equal((0, 1f, 2f), (sample, row[0], row[1]));
        for (var at = 1; at <= 4; at++) Assert.True(rows.Add(at, 0, at));
        Assert.True(rows.TryTake(100, all: false, out sample, out row));
        Assert.Equal((1, 1f), (sample, row[0]));
        Assert.True(float.IsNaN(row[1]));
        Assert.False(rows.TryTake(100, all: false, out _, out _));
        Assert.False(rows.Add(1, 1, 9));
        Assert.False(rows.Add(9, 2, 9));
        Assert.False(rows.TryTake(2, all: true, out _, out _));
        Assert.True(rows.TryTake(3, all: true, out _, out _));
    }

    [Fact]
    public void A_ring_without_room_never_loses_what_divides_the_recording()
    {
        var tap = new RecordingTap(2);
        tap.Begin(5);
        tap.Take(6, 1, 0);
        tap.Take(7, 1, 0);
        tap.Restart(100);
        tap.Begin(0);
        tap.Answered(20, 10, 200);
        tap.Take(8, 1, 0);
        Assert.Equal((3, 2), (tap.Taken, tap.Lost));
        var kinds = new List<TappedEventKind>();
        Span<TappedEvent> batch = stackalloc TappedEvent[2];
        for (var round = 0; round < 3; round++)
        {
            for (var i = tap.Ring.Drain(batch) - 1; i >= 0; i--) kinds.Add(batch[i].Kind);
            tap.Take(9, 1, 0);
        }

        Assert.Equal([TappedEventKind.Spike, TappedEventKind.Begin, TappedEventKind.Begin, TappedEventKind.Restart, TappedEventKind.Spike, TappedEventKind.Answered], kinds);
    }
}
