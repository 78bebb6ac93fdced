using Realtime.Engine.Answers;
using Realtime.Engine.Ticks;

namespace Realtime.Engine.Tests;

/// <summary>What a decoder is told beside windows: trials, frames, losses, and that there is time to work ahead.</summary>
public class DecodeLoopSeamTests
{
    private static DecodeLoopOptions Options => LoopRig.Options(hop: 10, window: 10) with { DeadlineNs = long.MaxValue };

    private static LoopRig Rig(DecodeLoopOptions options) => new(options, new CountingDecoder(options.WindowNs) { Tells = true });

    [Fact]
    public void A_trial_is_told_before_the_window_that_holds_it_whatever_order_its_edges_come_in()
    {
        var rig = Rig(Options with { Trials = new TrialTrigger(0, 3) });
        rig.Watermark(0);
        rig.Ttl(25, line: 3, state: true);
        rig.Ttl(12, line: 3, state: true);
        rig.Ttl(14, line: 3, state: false);
        rig.Ttl(16, line: 2, state: true);
        rig.Watermark(40);
        rig.Step(40);
        Assert.Equal(["decode 10", "trial 12", "decode 20", "trial 25", "decode 30", "decode 40"], rig.Decoder.Told);
        Assert.Equal(2, rig.Loop.Counters.Trials);
    }

    [Fact]
    public void A_trial_that_is_told_late_still_comes_before_the_next_window()
    {
        var rig = Rig(Options with { Trials = new TrialTrigger(0, 0) });
        rig.Watermark(0);
        rig.Watermark(30);
        rig.Step(30);
        rig.Ttl(12, line: 0, state: true);
        rig.Watermark(40);
        rig.Step(40);
        Assert.Equal(["trial 12", "decode 40"], rig.Decoder.Told[^2..]);
    }

    [Fact]
    public void A_restart_forgets_trials_of_the_time_before()
    {
        var rig = Rig(Options with { Trials = new TrialTrigger(0, 0) });
        rig.Watermark(0);
        rig.Ttl(15, line: 0, state: true);
        rig.Watermark(10);
        rig.Restart(at: 20);
        rig.Watermark(0, at: 21);
        rig.Watermark(20, at: 41);
        rig.Step(41);
        Assert.DoesNotContain("trial 15", rig.Decoder.Told);
    }

    [Fact]
    public void Between_trials_there_is_no_answer_and_no_tick_is_missed()
    {
        var decoder = new CountingDecoder(Options.WindowNs, needsTrials: true) { Instead = float.NaN };
        var rig = new LoopRig(Options, decoder);
        rig.Watermark(0);
        rig.Watermark(10);
        rig.Step(10);
        Assert.Equal(AnswerStatus.NoData, rig.Sink.Answers[^1].Status);
        decoder.Instead = null;
        rig.Spike(15);
        rig.Watermark(20);
        rig.Step(20);
        Assert.Equal(AnswerStatus.Fresh, rig.Sink.Answers[^1].Status);
        decoder.Instead = float.NaN;
        rig.Watermark(30);
        rig.Step(30);
        Assert.Equal(AnswerStatus.NoData, rig.Sink.Answers[^1].Status);
        Assert.All(rig.Sink.Values[^1], value => Assert.True(float.IsNaN(value)));
        Assert.Equal((0, 0, 2), (rig.Loop.Counters.Missed, rig.Loop.Counters.Invalid, rig.Loop.Counters.OutsideTrials));
    }

    [Fact]
    public void Trials_of_a_stream_that_is_not_there_are_refused() =>
        Assert.Throws<ArgumentException>(() => Rig(Options with { Trials = new TrialTrigger(1, 0) }));

    [Fact]
    public void A_window_says_whether_spikes_may_be_missing_in_it()
    {
        var rig = Rig(Options);
        rig.Watermark(0);
        rig.Watermark(10);
        rig.Watermark(12);
        rig.Loss(1, at: 13);
        rig.Spike(16);
        rig.Watermark(30);
        rig.Watermark(40);
        rig.Step(40);
        Assert.Equal(["decode 10", "decode 20 loss", "decode 30", "decode 40"], rig.Decoder.Told);
    }

    [Fact]
    public void Frames_are_taken_with_the_window_they_were_shown_in_and_later_ones_wait()
    {
        var rig = Rig(Options);
        rig.Watermark(0);
        rig.Step(0);
        Assert.True(rig.Frame(5, 1));
        Assert.True(rig.Frame(17, 2));
        Assert.True(rig.Frame(12, 3));
        rig.Step(6);
        Assert.Equal(["frame 5 1"], rig.Decoder.Told);
        Assert.False(rig.Loop.HasFrames);
        rig.Watermark(30);
        rig.Step(30);
        Assert.Equal(["frame 5 1", "decode 10", "frame 17 2", "decode 20", "decode 30"], rig.Decoder.Told);
        Assert.Equal((2, 1), (rig.Frames.Counters.Taken, rig.Frames.Counters.TooLate));
    }

    [Fact]
    public void A_wild_sample_number_of_a_frame_or_a_trial_stops_nothing_behind_it()
    {
        var rig = Rig(Options with { Trials = new TrialTrigger(0, 0) });
        rig.Watermark(0);
        rig.Step(0);
        rig.Frame(1_000_000, 1);
        rig.Frame(long.MaxValue / 2_000_000, 2);
        rig.Frame(5, 3);
        for (var wild = 0; wild < 100; wild++) rig.Ttl(1_000_000 + wild, line: 0, state: true);
        rig.Ttl(12, line: 0, state: true);
        rig.Step(6);
        rig.Watermark(20);
        rig.Step(20);
        Assert.Equal(["frame 5 3", "decode 10", "trial 12", "decode 20"], rig.Decoder.Told);
        Assert.Equal((1, 2), (rig.Frames.Counters.Taken, rig.Frames.Counters.TooLate));
    }

    [Fact]
    public void A_full_frame_ring_takes_no_more_until_one_is_used()
    {
        var rig = Rig(Options);
        foreach (var sample in (int[])[1, 2, 3, 4]) Assert.True(rig.Frame(sample, sample));
        Assert.False(rig.Frame(5, 5));
        rig.Watermark(0);
        rig.Step(0);
        rig.Step(1);
        Assert.Equal(["frame 1 1", "frame 2 2", "frame 3 3", "frame 4 4"], rig.Decoder.Told);
        Assert.True(rig.Frame(5, 5));
    }

    [Fact]
    public void A_frame_without_a_sample_number_is_placed_by_its_arrival()
    {
        var rig = Rig(Options);
        for (var at = 0; at <= 8; at++) rig.Watermark(at, at: 100 + at);
        rig.Step(108);
        rig.Frame(Realtime.Engine.Frames.FrameStamp.NoSample, 7, at: 104);
        rig.Step(109);
        Assert.Equal(["frame 4 7"], rig.Decoder.Told);
    }

    [Fact]
    public void Work_ahead_is_asked_for_only_when_nothing_is_due_and_says_what_is_settled()
    {
        var rig = Rig(Options);
        rig.Decoder.Ahead = 3;
        rig.Watermark(0);
        rig.Spike(2);
        rig.Watermark(4);
        rig.Step(4);
        Assert.Empty(rig.Decoder.Told);
        rig.Step(5);
        rig.Spike(7);
        rig.Step(7);
        rig.Step(8);
        rig.Watermark(10);
        rig.Step(10);
        rig.Step(11);
        Assert.Equal(["ahead 1 4", "ahead 2 4", "decode 10", "ahead 0 10"], rig.Decoder.Told);
    }
}
