using System.Runtime.CompilerServices;
using Realtime.Engine.Events;
using Realtime.Engine.Rings;

namespace Realtime.Engine.Tests;

public class SpscRingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Capacities_other_than_powers_of_two_are_refused(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpscRing<long>(capacity));

    [Fact]
    public void A_full_ring_refuses_and_keeps_what_it_holds()
    {
        var ring = new SpscRing<long>(4);
        for (var i = 0; i < 4; i++) Assert.True(ring.TryWrite(i));
        Assert.False(ring.TryWrite(99));
        Span<long> drained = stackalloc long[8];
        Assert.Equal(4, ring.Drain(drained));
        Assert.Equal([0L, 1L, 2L, 3L], drained[..4].ToArray());
        Assert.False(ring.TryRead(out _));
    }

    [Fact]
    public void Two_threads_pass_millions_of_items_in_order_and_whole()
    {
        const int items = 2_000_000;
        var ring = new SpscRing<SpikeEvent>(1024);
        var producer = new Thread(() =>
        {
            for (var i = 0; i < items; i++)
            {
                var item = SpikeEvent.Spike(i, ~i, 3L * i);
                while (!ring.TryWrite(in item)) Thread.Yield();
            }
        });
        producer.Start();
        var batch = new SpikeEvent[100];
        var seen = 0;
        while (seen < items)
        {
            var count = seen % 3 == 0 && ring.TryRead(out batch[0]) ? 1 : ring.Drain(batch);
            for (var i = 0; i < count; i++, seen++)
            {
                if (batch[i].Sample != seen || batch[i].Unit != ~seen || batch[i].ArrivalNs != 3L * seen) Assert.Fail($"item {seen} came as {batch[i].Sample}");
            }

            if (count == 0) Thread.Yield();
        }

        producer.Join();
        Assert.Equal(0, ring.Count);
    }

    [Fact]
    public void A_spike_event_is_24_bytes() => Assert.Equal(24, Unsafe.SizeOf<SpikeEvent>());
}
