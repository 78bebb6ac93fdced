using Realtime.Engine.Answers;
using Realtime.Engine.Events;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Threads;
using Realtime.Engine.Ticks;
using Realtime.Engine.Time;

namespace Realtime.Engine.Tests;

public class DecodeThreadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_tick_of_a_paced_stream_is_answered_once_and_every_spike_is_booked(bool spinning)
    {
        const int blocks = 100;
        var clock = MonotonicClock.Instance;
        using var signal = new WakeSignal();
        var input = new StreamInput("s", new SpscRing<SpikeEvent>(4096), new StreamLedger("s"), 1000);
        var options = new DecodeLoopOptions { HopNs = 10_000_000, WindowNs = 20_000_000, LatenessNs = 5_000_000_000, DeadlineNs = long.MaxValue };
        var sink = new RecordingSink();
        var loop = new DecodeLoop(options, new CountingDecoder(options.WindowNs), [input], sink, clock);
        IWaitStrategy wait = spinning ? new SpinWaitStrategy() : new BlockWaitStrategy(signal, 20_000);
        using var thread = new DecodeThread(loop, [input], clock, wait, cpu: 0, ThreadPriorityLevel.Normal);
        thread.Start();
        Assert.True(thread.IsRunning);
        input.Ring.TryWrite(SpikeEvent.Watermark(0, 0, clock.NowNs));
        for (var block = 1; block <= blocks; block++)
        {
            for (var i = 0; i < 5; i++)
            {
                input.Ledger.CountReceived();
                input.Ring.TryWrite(SpikeEvent.Spike(block * 10 - 5 + i, i, clock.NowNs));
            }

            input.Ring.TryWrite(SpikeEvent.Watermark(block * 10, 0, clock.NowNs));
            signal.Set();
            Thread.Sleep(2);
        }

        thread.Stop();
        Assert.Null(thread.Failure);
        Assert.Equal(blocks, sink.Answers.Count);
        Assert.All(sink.Answers, answer => Assert.Equal(AnswerStatus.Fresh, answer.Status));
        Assert.Equal(5 * blocks, input.Ledger.Decoded);
        Assert.Equal(0, input.Ledger.InFlight);
    }

    [Fact]
    public void A_failing_decoder_ends_the_thread_with_its_exception_kept()
    {
        var input = new StreamInput("s", new SpscRing<SpikeEvent>(16), new StreamLedger("s"), 1000);
        var options = new DecodeLoopOptions { HopNs = 10_000_000, WindowNs = 10_000_000 };
        var decoder = new CountingDecoder(options.WindowNs) { OnDecode = () => throw new InvalidOperationException("broken weights") };
        var loop = new DecodeLoop(options, decoder, [input], new RecordingSink(), MonotonicClock.Instance);
        using var thread = new DecodeThread(loop, [input], MonotonicClock.Instance, new SpinWaitStrategy(), null, ThreadPriorityLevel.Normal);
        thread.Start();
        input.Ring.TryWrite(SpikeEvent.Watermark(0, 0, MonotonicClock.Instance.NowNs));
        input.Ring.TryWrite(SpikeEvent.Watermark(10, 0, MonotonicClock.Instance.NowNs));
        Assert.True(SpinWait.SpinUntil(() => !thread.IsRunning, TimeSpan.FromSeconds(30)));
        Assert.Equal("broken weights", thread.Failure?.Message);
    }

    [Fact]
    public void A_core_that_does_not_exist_is_named_in_the_refusal()
    {
        var problem = Assert.Single(ThreadPlacement.Apply(100_000, ThreadPriorityLevel.Normal));
        Assert.Contains("no core 100000", problem);
    }
}
