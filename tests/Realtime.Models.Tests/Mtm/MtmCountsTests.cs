using Realtime.Engine.Answers;
using Realtime.Engine.Events;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Ticks;
using Realtime.Engine.Time;
using Realtime.Models.Mtm;

namespace Realtime.Models.Tests.Mtm;

/// <summary>What the decoder counts for the run's report, in the decode loop of a live run.</summary>
public sealed class MtmCountsTests
{
    private const long Ms = 1_000_000;
    private const int Bin = 20;
    private const int Line = 3;

    [Fact]
    public void A_run_without_losses_counts_nothing()
    {
        var run = new Run();
        run.Play(0, 3);
        run.BeginTrial();
        run.Play(3, 20);
        Assert.Equal(RandomMtm.Shape.MaxF, run.Answered);
        Assert.All(run.Decoder.Counts, count => Assert.Equal(0, count.Count));
    }

    [Fact]
    public void Bins_that_may_lack_spikes_are_lost_bins_within_trials_only()
    {
        var run = new Run();
        run.Play(0, 3);
        run.Lose();
        run.Play(3, 5);
        Assert.Equal(0, run.Count("lost_bins"));
        run.BeginTrial();
        run.Play(5, 7);
        run.Lose();
        run.Play(7, 10);
        Assert.Equal((1, 0, 0, 0), run.Counts);
        Assert.Equal(5, run.Answered);
    }

    [Fact]
    public void Bins_that_never_came_are_counted_within_a_trial_and_at_its_start()
    {
        var run = new Run();
        run.Play(0, 3);
        run.BeginTrial();
        run.Play(3, 5);
        run.Silence(5, 8);
        run.Play(8, 10);
        Assert.Equal((0, 3, 0, 0), (0, run.Count("missing_bins"), run.Count("missing_start_bins"), run.Count("resets")));
        run.BeginTrial();
        run.Silence(10, 12);
        run.Play(12, 14);
        Assert.Equal((3, 2), (run.Count("missing_bins"), run.Count("missing_start_bins")));
    }

    [Fact]
    public void A_source_that_begins_anew_within_a_trial_is_a_reset_and_between_trials_it_is_none()
    {
        var run = new Run();
        run.Play(0, 3);
        run.BeginTrial();
        run.Play(3, 6);
        run.Restart();
        Assert.Equal(1, run.Count("resets"));
        run.Play(6, 12);
        run.Restart();
        Assert.Equal(1, run.Count("resets"));
        Assert.Equal(3, run.Answered);
    }

    /// <summary>A decode loop at 1 kHz around a random model, fed by hand, time in bins.</summary>
    private sealed class Run : IAnswerSink, IClock
    {
        private readonly StreamInput _input = new("probe", new SpscRing<SpikeEvent>(8192), new StreamLedger("probe"), 1000);
        private readonly DecodeLoop _loop;
        private long _at;

        public Run()
        {
            Decoder = RandomMtm.Decoder(settings => settings);
            _loop = new DecodeLoop(new DecodeLoopOptions { HopNs = RandomMtm.BinNs, WindowNs = RandomMtm.BinNs, LatenessNs = 5 * Ms, Trials = new TrialTrigger(0, Line) }, Decoder, [_input], this, this);
            Put(SpikeEvent.Watermark(0, 0, 0));
        }

        public MtmDecoder Decoder { get; }

        public long NowNs { get; private set; }

        /// <summary>Ticks with values.</summary>
        public int Answered { get; private set; }

        public (long Lost, long Missing, long MissingStart, long Resets) Counts => (Count("lost_bins"), Count("missing_bins"), Count("missing_start_bins"), Count("resets"));

        public long Count(string name) => Decoder.Counts.Single(count => count.Name == name).Count;

        public void Publish(in TickAnswer answer, ReadOnlySpan<float> values)
        {
            if (answer.Status is AnswerStatus.Fresh or AnswerStatus.Late) Answered++;
        }

        public void Play(int from, int to)
        {
            for (var bin = from; bin < to; bin++)
            {
                Put(SpikeEvent.Spike(bin * Bin + 3, bin % RandomMtm.Units, (bin * Bin + 3) * Ms));
                At((bin + 1) * Bin);
                Put(SpikeEvent.Watermark(_at, 0, _at * Ms));
            }
        }

        /// <summary>Nothing is heard of the source while the ticks of these bins fall due.</summary>
        public void Silence(int from, int to)
        {
            for (var bin = from; bin < to; bin++) At((bin + 1) * Bin + Bin / 2);
        }

        /// <summary>A trial begins now.</summary>
        public void BeginTrial() => Put(SpikeEvent.Ttl(_at, Line, true, _at * Ms));

        public void Lose() => Put(SpikeEvent.Loss(1, _at * Ms));

        public void Restart() => Put(SpikeEvent.Restart(_at * Ms));

        private void Put(SpikeEvent e)
        {
            if (e.Kind == EventKind.Spike) _input.Ledger.CountReceived();
            Assert.True(_input.Ring.TryWrite(e));
            _loop.Step(NowNs);
        }

        private void At(long ms)
        {
            _at = ms;
            NowNs = ms * Ms;
            _loop.Step(NowNs);
        }
    }
}
