using Realtime.Engine.Answers;
using Realtime.Engine.Ledger;
using Realtime.Engine.Ticks;
using Realtime.Tests;

namespace Realtime.Engine.Tests;

public class DecodeLoopTests
{
    [Fact]
    public void A_tick_closes_when_the_watermark_passes_its_end()
    {
        var rig = new LoopRig(LoopRig.Options());
        rig.Watermark(0);
        rig.Spike(3);
        rig.Spike(9);
        rig.Watermark(9);
        rig.Step(9);
        Assert.Empty(rig.Sink.Answers);

        rig.Watermark(10);
        rig.Step(11);
        var answer = Assert.Single(rig.Sink.Answers);
        Assert.Equal(10 * LoopRig.Ms, answer.DataNs);
        Assert.Equal(10, answer.Sample);
        Assert.Equal(AnswerStatus.Fresh, answer.Status);
        Assert.Equal(10 * LoopRig.Ms, answer.DueNs);
        Assert.Equal(11 * LoopRig.Ms, answer.EmittedNs);
        Assert.Equal(LoopRig.Ms, answer.AgeNs);
        Assert.Equal(2, answer.Spikes);
        Assert.Equal(2, rig.Sink.Values[0][0]);
        rig.AssertBooksBalance();
        Assert.Equal(2, rig.Ledger.Decoded);
    }

    [Fact]
    public void The_window_holds_spikes_from_its_start_up_to_but_not_at_its_end()
    {
        var rig = new LoopRig(LoopRig.Options(hop: 10, window: 20));
        rig.Watermark(0);
        foreach (var sample in new long[] { 9, 10, 19, 20, 29, 30 }) rig.Spike(sample);
        rig.Watermark(40);
        rig.Step(40);
        Assert.Equal([1f, 3f, 4f, 3f], rig.Sink.Values.Select(values => values[0]));
        rig.AssertBooksBalance();
        Assert.Equal(6, rig.Ledger.Decoded);
    }

    [Fact]
    public void Answers_do_not_depend_on_how_promptly_the_loop_runs_or_on_the_order_of_arrival_within_a_tick()
    {
        float[][] Run(bool prompt, int seed)
        {
            var rig = new LoopRig(LoopRig.Options() with { DeadlineNs = long.MaxValue });
            var random = new Random(7);
            rig.Watermark(0);
            for (var block = 0; block < 50; block++)
            {
                var spikes = Enumerable.Range(0, 6).Select(_ => (Sample: block * 10L + random.Next(10), Unit: random.Next(16))).ToArray();
                new Random(seed + block).Shuffle(spikes);
                foreach (var (sample, unit) in spikes) rig.Spike(sample, unit, at: block * 10 + 10);
                rig.Watermark(block * 10 + 10);
                if (prompt) rig.Step(block * 10 + 10);
            }

            rig.Step(500);
            rig.AssertBooksBalance();
            return rig.Sink.Values.ToArray();
        }

        var reference = Run(prompt: true, seed: 1);
        Assert.Equal(50, reference.Length);
        Assert.Equal(reference, Run(prompt: false, seed: 1));
        Assert.Equal(reference, Run(prompt: true, seed: 99));
    }

    [Fact]
    public void A_silent_stream_is_closed_by_the_lateness_bound_and_then_answers_no_data()
    {
        var rig = new LoopRig(LoopRig.Options(lateness: 50));
        rig.Watermark(0);
        rig.Spike(3);
        rig.Watermark(5);
        rig.Step(10);
        rig.Step(59);
        Assert.Empty(rig.Sink.Answers);
        rig.Step(60);
        var first = Assert.Single(rig.Sink.Answers);
        Assert.Equal(AnswerStatus.Fresh, first.Status);
        Assert.True(first.Flags.HasFlag(AnswerFlags.ClosedByBound));
        Assert.Equal(60 * LoopRig.Ms, first.DueNs);

        rig.Step(70);
        rig.Step(80);
        Assert.Equal(3, rig.Sink.Answers.Count);
        Assert.All(rig.Sink.Answers.Skip(1), answer => Assert.Equal(AnswerStatus.NoData, answer.Status));
        Assert.All(rig.Sink.Values.Skip(1), values => Assert.All(values, value => Assert.True(float.IsNaN(value))));
        Assert.Equal([0L, 1L, 2L], rig.Sink.Answers.Select(answer => answer.Tick));
        rig.AssertBooksBalance();
    }

    [Fact]
    public void A_long_silence_is_answered_tick_by_tick_in_bounded_pieces()
    {
        var rig = new LoopRig(LoopRig.Options());
        rig.Watermark(0);
        rig.Step(1);
        rig.Step(100_000);
        Assert.InRange(rig.Sink.Answers.Count, 1, 64);
        while (rig.Loop.NextDueNs <= 100_000 * LoopRig.Ms) rig.Step(100_000);
        Assert.Equal(Enumerable.Range(0, rig.Sink.Answers.Count).Select(tick => (long)tick), rig.Sink.Answers.Select(answer => answer.Tick));
        Assert.Equal((100_000 - 50) / 10, rig.Sink.Answers.Count);
    }

    [Fact]
    public void A_late_spike_is_counted_once_and_still_reaches_the_next_window()
    {
        var rig = new LoopRig(LoopRig.Options(hop: 10, window: 20));
        rig.Watermark(0);
        rig.Watermark(10);
        rig.Step(10);
        rig.Spike(5, at: 12);
        rig.Watermark(20);
        rig.Step(20);
        Assert.Equal([0f, 1f], rig.Sink.Values.Select(values => values[0]));
        Assert.Equal(1, rig.Ledger.Late);
        Assert.Equal(1, rig.Ledger.Decoded);
        rig.AssertBooksBalance();
    }

    [Fact]
    public void A_spike_older_than_every_open_window_is_dropped_as_too_late()
    {
        var rig = new LoopRig(LoopRig.Options(hop: 10, window: 20));
        rig.Watermark(0);
        rig.Watermark(40);
        rig.Spike(15, at: 41);
        rig.Step(41);
        Assert.Equal(1, rig.Ledger.Dropped(DropReason.TooLate));
        Assert.Equal(1, rig.Ledger.Late);
        rig.AssertBooksBalance();
    }

    [Fact]
    public void A_sample_number_from_the_far_future_is_not_believed()
    {
        var rig = new LoopRig(LoopRig.Options());
        rig.Watermark(0);
        rig.Watermark(10);
        rig.Spike(9_000_000, at: 11);
        rig.Watermark(20);
        rig.Step(20);
        Assert.Equal(1, rig.Ledger.Dropped(DropReason.TooEarly));
        Assert.Equal(2, rig.Sink.Answers.Count);
        rig.AssertBooksBalance();
    }

    [Fact]
    public void Overdue_ticks_are_held_and_only_the_newest_is_decoded()
    {
        var rig = new LoopRig(LoopRig.Options(deadline: 5));
        rig.Watermark(0);
        rig.Watermark(10);
        rig.Step(10);
        for (var end = 20; end <= 60; end += 10)
        {
            rig.Spike(end - 1, at: end);
            rig.Watermark(end);
        }

        rig.Step(100);
        Assert.Equal(
            [AnswerStatus.Fresh, AnswerStatus.Held, AnswerStatus.Held, AnswerStatus.Held, AnswerStatus.Held, AnswerStatus.Late],
            rig.Sink.Answers.Select(answer => answer.Status));
        Assert.Equal(2, rig.Decoder.Calls);
        Assert.Equal(0f, rig.Sink.Values[1][0]);
        Assert.Equal(5, rig.Loop.Counters.Missed);
        rig.AssertBooksBalance();
        Assert.Equal(2, rig.Ledger.Decoded);
        Assert.Equal(3, rig.Ledger.Dropped(DropReason.TickHeld));
    }

    [Fact]
    public void A_decoder_with_state_is_never_skipped()
    {
        var options = LoopRig.Options(deadline: 5);
        var rig = new LoopRig(options, new CountingDecoder(options.WindowNs, options.HopNs));
        rig.Watermark(0);
        for (var end = 10; end <= 60; end += 10) rig.Watermark(end);
        rig.Step(100);
        Assert.Equal(6, rig.Decoder.Calls);
        Assert.Equal(5, rig.Sink.Answers.Count(answer => answer.Status == AnswerStatus.Late) - 1);
    }

    [Fact]
    public void An_answer_after_the_deadline_is_late_and_its_delay_counts_from_the_arrival()
    {
        var rig = new LoopRig(LoopRig.Options(deadline: 5));
        rig.Decoder.OnDecode = () => rig.Clock.NowNs += 7 * LoopRig.Ms;
        rig.Watermark(0);
        rig.Watermark(10);
        rig.Step(10);
        Assert.Equal(AnswerStatus.Late, rig.Sink.Answers[0].Status);
        Assert.InRange(rig.Loop.Latencies.Total.MaxNs, 7 * LoopRig.Ms, 7 * LoopRig.Ms);
        Assert.InRange(rig.Loop.Latencies.Decode.MaxNs, 7 * LoopRig.Ms, 7 * LoopRig.Ms);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(101f)]
    public void An_answer_that_fails_its_check_is_held_with_the_last_good_values(float bad)
    {
        var rig = new LoopRig(LoopRig.Options() with { Limits = [(0, 100), (float.NegativeInfinity, float.PositiveInfinity)] });
        rig.Watermark(0);
        rig.Spike(1);
        rig.Watermark(10);
        rig.Step(10);
        rig.Decoder.Instead = bad;
        rig.Watermark(20);
        rig.Step(20);
        Assert.Equal(AnswerStatus.Held, rig.Sink.Answers[1].Status);
        Assert.True(rig.Sink.Answers[1].Flags.HasFlag(AnswerFlags.Invalid));
        Assert.Equal(rig.Sink.Values[0], rig.Sink.Values[1]);
        Assert.Equal(1, rig.Loop.Counters.Invalid);
    }

    [Fact]
    public void A_restart_opens_a_new_epoch_and_drops_what_no_tick_had_used()
    {
        var rig = new LoopRig(LoopRig.Options());
        rig.Watermark(1000);
        rig.Spike(1003);
        rig.Watermark(1010);
        rig.Spike(1012);
        rig.Restart(at: 1012);
        rig.Watermark(0, at: 1013);
        rig.Spike(4, at: 1014);
        rig.Watermark(10, at: 1020);
        rig.Step(1020);
        Assert.Equal([0, 1], rig.Sink.Answers.Select(answer => answer.Epoch));
        Assert.Equal([1010 * LoopRig.Ms, 10 * LoopRig.Ms], rig.Sink.Answers.Select(answer => answer.DataNs));
        Assert.Equal([0L, 1L], rig.Sink.Answers.Select(answer => answer.Tick));
        Assert.Equal(1f, rig.Sink.Values[1][0]);
        Assert.Equal(1, rig.Ledger.Dropped(DropReason.Restart));
        Assert.Equal(1, rig.Decoder.Resets);
        rig.AssertBooksBalance();
    }

    [Fact]
    public void A_jump_of_the_sample_clock_is_a_new_epoch_not_a_million_ticks()
    {
        var rig = new LoopRig(LoopRig.Options());
        rig.Watermark(0);
        rig.Watermark(10);
        rig.Watermark(10_000_000, at: 20);
        rig.Watermark(10_000_010, at: 30);
        rig.Step(30);
        Assert.Equal([0, 1], rig.Sink.Answers.Select(answer => answer.Epoch));
        Assert.Equal(1, rig.Loop.Counters.EpochChanges);
    }

    [Fact]
    public void An_outage_that_host_time_explains_is_no_new_epoch()
    {
        var rig = new LoopRig(LoopRig.Options());
        rig.Watermark(0);
        rig.Watermark(10);
        for (var now = 10; now < 10_000; now += 5) rig.Step(now);
        rig.Watermark(10_000, at: 10_000);
        rig.Step(10_000);
        Assert.Equal(0, rig.Loop.Counters.EpochChanges);
        Assert.Equal(1000, rig.Sink.Answers.Count);
        Assert.True(rig.Sink.Answers.Count(answer => answer.Status == AnswerStatus.NoData) > 900);
    }

    [Fact]
    public void No_tick_is_answered_beyond_the_last_one_asked_for()
    {
        var rig = new LoopRig(LoopRig.Options() with { LastNs = 30 * LoopRig.Ms });
        rig.Watermark(0);
        for (var end = 10; end <= 60; end += 10) rig.Watermark(end);
        rig.Spike(55);
        rig.Step(60);
        rig.Step(10_000);
        Assert.Equal(3, rig.Sink.Answers.Count);
        Assert.True(rig.Loop.Completed);
        Assert.Equal(long.MaxValue, rig.Loop.NextDueNs);
        rig.AssertBooksBalance();
        Assert.Equal(1, rig.Ledger.Dropped(DropReason.RunEnded));
    }

    [Fact]
    public void A_stream_that_sends_spikes_alone_is_answered_by_the_lateness_bound()
    {
        var rig = new LoopRig(LoopRig.Options(hop: 10, window: 20, lateness: 50));
        for (var now = 1; now <= 400; now++)
        {
            rig.Spike(now);
            rig.Step(now);
        }

        Assert.InRange(rig.Sink.Answers.Count, 28, 32);
        Assert.All(rig.Sink.Answers, answer => Assert.Equal(AnswerStatus.Fresh, answer.Status));
        Assert.All(rig.Sink.Answers, answer => Assert.True(answer.Flags.HasFlag(AnswerFlags.ClosedByBound)));
        Assert.All(rig.Sink.Answers, answer => Assert.Equal(answer.DataNs + 50 * LoopRig.Ms, answer.DueNs));
        Assert.All(rig.Sink.Values.Skip(2), values => Assert.Equal(20, values[0]));
        rig.AssertBooksBalance();
    }

    [Theory]
    [InlineData(long.MaxValue / 4)]
    [InlineData(-9_000_000_000)]
    public void A_wild_sample_number_does_not_set_the_clock_of_a_stream_of_spikes(long wild)
    {
        var rig = new LoopRig(LoopRig.Options(hop: 10, window: 20, lateness: 50));
        rig.Spike(wild, at: 0);
        for (var now = 1; now <= 400; now++)
        {
            rig.Spike(now);
            rig.Step(now);
        }

        Assert.InRange(rig.Sink.Answers.Count, 28, 32);
        Assert.All(rig.Sink.Answers, answer => Assert.InRange(answer.DataNs, 0, 400 * LoopRig.Ms));
    }

    [Fact]
    public void Windows_touched_by_an_upstream_loss_are_flagged_and_later_ones_are_not()
    {
        var rig = new LoopRig(LoopRig.Options(hop: 10, window: 20));
        rig.Watermark(0);
        rig.Watermark(10);
        rig.Loss(3, at: 11);
        for (var end = 20; end <= 60; end += 10) rig.Watermark(end);
        rig.Step(60);
        Assert.Equal([false, true, true, true, false, false], rig.Sink.Answers.Select(answer => answer.Flags.HasFlag(AnswerFlags.LossInWindow)));
    }

    [Fact]
    public void Windows_that_reach_back_before_the_first_data_are_flagged()
    {
        var rig = new LoopRig(LoopRig.Options(hop: 10, window: 30));
        rig.Watermark(100);
        for (var end = 110; end <= 150; end += 10) rig.Watermark(end);
        rig.Step(150);
        Assert.Equal([true, true, false, false, false], rig.Sink.Answers.Select(answer => answer.Flags.HasFlag(AnswerFlags.PartialWindow)));
    }

    [Fact]
    public void A_full_window_drops_the_oldest_and_says_so()
    {
        var rig = new LoopRig(LoopRig.Options(hop: 10, window: 20) with { MaxWindowSpikes = 4 });
        rig.Watermark(0);
        for (var i = 0; i < 9; i++) rig.Spike(i);
        rig.Watermark(10);
        rig.Step(10);
        Assert.Equal(4f, rig.Sink.Values[0][0]);
        Assert.True(rig.Sink.Answers[0].Flags.HasFlag(AnswerFlags.WindowFull));
        Assert.Equal(5, rig.Ledger.Dropped(DropReason.WindowFull));
        rig.AssertBooksBalance();
    }

    [Fact]
    public void Two_streams_close_a_tick_only_together()
    {
        var rig = new LoopRig(LoopRig.Options(), streams: 2);
        rig.Watermark(0, stream: 0);
        rig.Watermark(5_000, stream: 1, at: 0);
        rig.Watermark(10, stream: 0);
        rig.Step(10);
        Assert.Empty(rig.Sink.Answers);
        rig.Spike(5_004, unit: 7, stream: 1, at: 10);
        rig.Watermark(5_011, stream: 1, at: 11);
        rig.Step(11);
        var answer = Assert.Single(rig.Sink.Answers);
        Assert.Equal(11 * LoopRig.Ms, answer.DueNs);
        Assert.Equal([1f, 7f], rig.Sink.Values[0]);
        rig.AssertBooksBalance();
    }

    [Fact]
    public void Books_balance_under_forced_loss_late_and_wild_events()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var rig = new LoopRig(LoopRig.Options() with { MaxWindowSpikes = 32 }, streams: 2);
            var sample = 0L;
            for (var step = 0; step < 400; step++)
            {
                var stream = random.Next(2);
                switch (random.Next(12))
                {
                    case 0:
                        rig.Restart(stream, sample);
                        break;
                    case 1:
                        rig.Loss(random.Next(1, 9), stream, sample);
                        break;
                    case 2:
                        rig.Spike(random.NextInt64(), 1, stream, sample);
                        break;
                    case 3:
                        rig.Spike(sample - random.Next(100), 1, stream, sample);
                        break;
                    case <= 8:
                        for (var n = random.Next(1, 20_000 / 400); n > 0; n--) rig.Spike(sample + random.Next(10), random.Next(16), stream, sample);
                        break;
                    default:
                        sample += random.Next(1, 40);
                        rig.Watermark(sample, stream, sample);
                        break;
                }

                if (random.Next(3) == 0) rig.Step(sample + random.Next(30));
            }

            rig.AssertBooksBalance();
            Assert.True(rig.Inputs.Sum(input => input.Ledger.Decoded) > 0, $"seed {seed}");
            Assert.True(rig.Inputs.Sum(input => input.Ledger.DroppedTotal) > 0, $"seed {seed}");
            Assert.Equal(Enumerable.Range(0, rig.Sink.Answers.Count).Select(tick => (long)tick), rig.Sink.Answers.Select(answer => answer.Tick));
        }
    }

    [Fact]
    public void Nothing_is_allocated_per_event_and_per_tick()
    {
        var options = LoopRig.Options() with { WarmUpTicks = 50 };
        var rig = new LoopRig(options);
        var loop = new DecodeLoop(options, rig.Decoder, rig.Inputs, new NullSink(), rig.Clock);
        var sample = 0L;
        void Drive()
        {
            for (var end = sample + 5_000; sample < end; sample++)
            {
                rig.Spike(sample, (int)(sample % 16));
                rig.Spike(sample, (int)(sample % 7));
                rig.Watermark(sample);
                rig.Clock.NowNs = sample * LoopRig.Ms;
                loop.Step(rig.Clock.NowNs);
            }
        }

        Drive();
        Assert.Equal(0, AllocationGate.LeastBytes(Drive));
        Assert.True(loop.Counters.MeasuredTicks > 500);
    }

    [Fact]
    public void Hop_window_and_decoder_that_do_not_fit_are_refused()
    {
        Assert.Contains("shorter than the hop", Assert.Throws<ArgumentException>(() => new LoopRig(LoopRig.Options(hop: 30, window: 20))).Message);
        Assert.Contains("must be called every 20 ms", Assert.Throws<ArgumentException>(() => new LoopRig(LoopRig.Options(), new CountingDecoder(20 * LoopRig.Ms, 20 * LoopRig.Ms))).Message);
        Assert.Contains("shorter than the 40 ms", Assert.Throws<ArgumentException>(() => new LoopRig(LoopRig.Options(), new CountingDecoder(40 * LoopRig.Ms))).Message);
    }

    private sealed class NullSink : IAnswerSink
    {
        public void Publish(in TickAnswer answer, ReadOnlySpan<float> values)
        {
        }
    }
}
