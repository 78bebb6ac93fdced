using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Training;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Training.Windows;

public sealed class AugmentationTests
{
    private const double Step = 0.1;

    private static readonly WindowOptions Plain = new() { WindowSeconds = 2, QueryStepMs = 100, TargetMs = 100, WholeSteps = true };

    [Fact]
    public void Aligned_windows_begin_on_the_grid_of_their_interval()
    {
        var session = new SmallSession { Seconds = 30, Train = [new TimeRange(0.03, 20.53)] }.Make();
        foreach (var perEpoch in new[] { 0, 50 })
        {
            var sessions = TrainingSessions.From([session], Plain with { Aligned = true, WindowsPerEpoch = perEpoch });
            var starts = Enumerable.Range(0, 5).SelectMany(epoch => sessions.Epoch(SessionPart.Train, epoch)).Select(place => place.StartNs - 30_000_000).ToArray();
            Assert.All(starts, start => Assert.Equal(0, start % 100_000_000));
            Assert.All(starts, start => Assert.InRange(start, 0, 18_500_000_000));
            Assert.True(starts.Distinct().Count() > 20);
        }
    }

    [Fact]
    public void Newer_windows_are_drawn_as_much_oftener_as_the_time_constant_says()
    {
        var sessions = TrainingSessions.From([new SmallSession { Seconds = 42 }.Make()], Plain with { RecencySeconds = 10, WindowsPerEpoch = 20_000, Seed = 3 });
        var starts = sessions.Epoch(SessionPart.Train, 0).Select(place => place.StartNs / 1e9).ToArray();
        Assert.All(starts, start => Assert.InRange(start, 0, 40));

        // Density exp(t / 10) over 0 to 40 s: shares of the quarters, newest first, from the integral.
        double Share(double from, double to) => (Math.Exp(to / 10) - Math.Exp(from / 10)) / (Math.Exp(4) - 1);
        for (var quarter = 0; quarter < 4; quarter++)
        {
            var share = starts.Count(start => start >= 10 * quarter && start < 10 * quarter + 10) / (double)starts.Length;
            Assert.InRange(share, Share(10 * quarter, 10 * quarter + 10) - 0.012, Share(10 * quarter, 10 * quarter + 10) + 0.012);
        }
    }

    [Fact]
    public void Recency_weighs_within_a_session_and_over_its_holes()
    {
        TimeRange[] train = [new(0, 15), new(25, 40)];
        var sessions = TrainingSessions.From(
            [new SmallSession { Name = "a", Seconds = 42, Train = train }.Make(), new SmallSession { Name = "b", Seconds = 42, Train = train }.Make(2)],
            Plain with { RecencySeconds = 8, WindowsPerEpoch = 8000 });
        var places = sessions.Epoch(SessionPart.Train, 0);
        Assert.InRange(places.Count(place => place.Session == 0), 3700, 4300);
        Assert.InRange(places.Count(place => place.StartNs < 15e9) / 8000.0, 0.02, 0.07);
        Assert.All(places, place => Assert.True(place.StartNs <= 13e9 || place.StartNs is >= (long)25e9 and <= (long)38e9));
    }

    [Fact]
    public void Backwards_a_window_shows_the_same_spikes_and_targets_the_other_way_round()
    {
        var session = new SmallSession().Make();
        var sessions = TrainingSessions.From([session], Plain with { TimeReversal = 1 });
        var place = sessions.Cover(SessionPart.Train)[2];
        var (forward, backward) = (sessions.Cut(place), sessions.Cut(place, 0));
        Assert.Equal(forward.SpikeUnits.Reverse(), backward.SpikeUnits);
        foreach (var (a, b) in forward.SpikeTimes.Reverse().Zip(backward.SpikeTimes)) Assert.Equal(2 - a, b, 8);
        Assert.Equal(forward.Targets.Reverse(), backward.Targets);
        Assert.Equal(forward.QueryTimes, backward.QueryTimes);
    }

    [Fact]
    public void A_target_longer_than_a_step_is_unknown_where_it_would_reach_out_of_the_window()
    {
        var sessions = TrainingSessions.From([new SmallSession().Make()], Plain with { TimeReversal = 1, TargetMs = 250 });
        var window = sessions.Cut(sessions.Cover(SessionPart.Train)[2], 0);
        Assert.Equal([true, true, false, false], window.Targets.Take(4).Select(float.IsNaN));
    }

    [Fact]
    public void Donors_fire_as_the_unit_did_where_the_behaviour_was_alike()
    {
        // Unit 0 fires only while x is high, unit 1 only while it is low.
        var session = Tuned();
        var sessions = TrainingSessions.From([session], Plain with { DonorShare = 1, DonorNeighbours = 20 });
        var sawOthers = false;
        foreach (var place in sessions.Epoch(SessionPart.Train, 0))
        {
            var (own, lent) = (sessions.Cut(place), sessions.Cut(place, 0));
            Assert.Equal(own.Targets, lent.Targets);
            sawOthers |= !own.SpikeTimes.SequenceEqual(lent.SpikeTimes);
            for (var spike = 0; spike < lent.SpikeUnits.Length; spike++)
            {
                var target = lent.Targets[Math.Min((int)(lent.SpikeTimes[spike] / Step), 19)];
                if (Math.Abs(target) > 0.5) Assert.Equal(target > 0 ? 0 : 1, lent.SpikeUnits[spike]);
            }

            Assert.True(lent.SpikeTimes.Zip(lent.SpikeTimes.Skip(1)).All(pair => pair.First <= pair.Second));
        }

        Assert.True(sawOthers);
        var none = TrainingSessions.From([session], Plain with { DonorShare = 1e-12 });
        var first = none.Epoch(SessionPart.Train, 0)[0];
        Assert.Equal(none.Cut(first).SpikeTimes, none.Cut(first, 0).SpikeTimes);
    }

    [Fact]
    public void Donors_come_from_what_is_trained_on_alone()
    {
        // Unit 2 fires in the validation interval only.
        var recording = Tuned([new TimeRange(0, 30)], [new TimeRange(30, 60)]);
        for (var spike = 0; spike < recording.SpikeUnits.Length; spike++)
            if (recording.SpikeSamples[spike] >= 30_000) recording.SpikeUnits[spike] = 2;
        var sessions = TrainingSessions.From([recording], Plain with { DonorShare = 1 });
        Assert.All(sessions.Epoch(SessionPart.Train, 0), place => Assert.DoesNotContain(2, sessions.Cut(place, 0).SpikeUnits));
        Assert.Contains(sessions.Epoch(SessionPart.TrainAndValid, 0), place => sessions.Cut(place, 0).SpikeUnits.Contains(2));
    }

    [Fact]
    public void A_mirrored_path_stays_in_the_box_and_takes_the_spikes_of_its_places()
    {
        // A path round a square; unit 0 fires in its left half, unit 1 in its right.
        var square = new SmallSession
        {
            Units = 2,
            Seconds = 80,
            Behaviour = [new("x", "cm"), new("y", "cm")],
            Value = (ms, channel) => (float)(50 + 40 * (channel == 0 ? Math.Cos(ms / 900.0) : Math.Sin(ms / 1300.0))),
        }.Make();
        for (var spike = 0; spike < square.SpikeUnits.Length; spike++)
            square.SpikeUnits[spike] = Math.Cos(square.SpikeSamples[spike] / 900.0) < 0 ? 0 : 1;
        var sessions = TrainingSessions.From([square], Plain with { MirrorShare = 1, DonorNeighbours = 5 });
        var known = sessions.Sessions[0];
        var (right, wrong, changed) = (0, 0, 0);
        foreach (var place in sessions.Epoch(SessionPart.Train, 0))
        {
            var (own, mirrored) = (sessions.Cut(place), sessions.Cut(place, 0));
            if (!own.Targets.SequenceEqual(mirrored.Targets)) changed++;
            for (var query = 0; query < mirrored.QueryTimes.Length; query++)
            {
                for (var axis = 0; axis < 2; axis++)
                    Assert.InRange(mirrored.Targets[2 * query + axis] * known.OutputSd[axis] + known.OutputMean[axis], 9, 91);
            }

            for (var spike = 0; spike < mirrored.SpikeUnits.Length; spike++)
            {
                var x = mirrored.Targets[2 * Math.Min((int)(mirrored.SpikeTimes[spike] / Step), 19)] * known.OutputSd[0] + known.OutputMean[0];
                if (Math.Abs(x - 50) < 15) continue;
                if (mirrored.SpikeUnits[spike] == (x < 50 ? 0 : 1)) right++;
                else wrong++;
            }
        }

        Assert.True(changed > 30);
        Assert.True(right > 20 * wrong, $"{right} spikes at their places, {wrong} elsewhere");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Only_a_plane_can_be_mirrored(int channels)
    {
        var behaviour = Enumerable.Range(0, channels).Select(channel => new OutputChannel($"c{channel}", "cm")).ToArray();
        var session = new SmallSession { Behaviour = behaviour, Value = (ms, channel) => (float)Math.Sin(ms / 700.0 + channel) }.Make();
        var problem = Assert.Throws<TrainingException>(() => TrainingSessions.From([session], Plain with { MirrorShare = 0.5 }));
        Assert.Contains("exactly two outputs", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_filter_leaves_out_may_weigh_something()
    {
        var session = new SmallSession().Make();
        var options = Plain with { Filter = "x > 0" };
        var place = TrainingSessions.From([session], options).Cover(SessionPart.Train)[1];
        var alone = TrainingSessions.From([session], options).Cut(place).QueryWeights;
        var weighed = TrainingSessions.From([session], options with { OutsideWeight = 0.3 }).Cut(place).QueryWeights;
        Assert.Contains(0f, alone);
        Assert.Equal(alone.Select(weight => weight == 0 ? 0.3f : weight), weighed);
    }

    [Fact]
    public void The_same_place_and_epoch_give_the_same_window()
    {
        var options = Plain with { DonorShare = 0.5, TimeReversal = 0.5, TimeJitterMs = 3, UnitDropoutShare = 0.3, Seed = 9 };
        var (one, two) = (TrainingSessions.From([Tuned()], options), TrainingSessions.From([Tuned()], options));
        var places = one.Epoch(SessionPart.Train, 4);
        foreach (var place in places.Reverse())
        {
            var (a, b) = (one.Cut(place, 4), two.Cut(place, 4));
            Assert.Equal(a.SpikeTimes, b.SpikeTimes);
            Assert.Equal(a.SpikeUnits, b.SpikeUnits);
            Assert.Equal(a.Targets, b.Targets);
        }
    }

    [Theory]
    [InlineData("recency_s")]
    [InlineData("donor_share")]
    [InlineData("time_reversal")]
    [InlineData("mirror_share")]
    [InlineData("donor_neighbours")]
    [InlineData("outside_weight")]
    public void Values_out_of_range_are_named(string key)
    {
        var options = key switch
        {
            "recency_s" => Plain with { RecencySeconds = 5 },
            "donor_share" => Plain with { DonorShare = 1.5 },
            "time_reversal" => Plain with { TimeReversal = -1 },
            "mirror_share" => Plain with { MirrorShare = double.NaN },
            "donor_neighbours" => Plain with { DonorNeighbours = 0 },
            _ => Plain with { OutsideWeight = 2 },
        };
        var problem = Assert.Throws<TrainingException>(() => TrainingSessions.From([new SmallSession().Make()], options));
        Assert.Contains(key, problem.Message, StringComparison.Ordinal);
    }

    /// <summary>x goes up and down; unit 0 fires while it is above 0, unit 1 while it is below.</summary>
    private static Session Tuned(TimeRange[]? train = null, TimeRange[]? valid = null)
    {
        var session = new SmallSession { Seconds = 60, Train = train, Valid = valid ?? [] }.Make();
        for (var spike = 0; spike < session.SpikeUnits.Length; spike++)
            session.SpikeUnits[spike] = Math.Sin(session.SpikeSamples[spike] / 700.0) > 0 ? 0 : 1;
        return session;
    }
}
