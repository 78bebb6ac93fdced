using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Training.Windows;

public sealed class WindowCutTests
{
    [Fact]
    public void A_window_holds_the_spikes_queries_and_targets_of_its_stretch()
    {
        var session = new SmallSession { Fires = unit => unit != 1, Train = [new(2, 12)] }.Make();
        var options = new WindowOptions { WindowSeconds = 1, TargetMs = 100, QueryStepMs = 50, WholeSteps = true, BurnInSeconds = 0.3, Seed = 2 };
        var sessions = TrainingSessions.From([session], options);
        var own = sessions.Sessions[0];
        foreach (var place in sessions.Epoch(SessionPart.Train, 1))
        {
            var window = sessions.Cut(place);
            Assert.Equal(1, window.Length);
            Assert.Equal([1, 2, 3], window.UnitRows);
            var spikes = Enumerable.Range(0, session.SpikeSamples.Length)
                .Where(i => session.SpikeSamples[i] * 1_000_000 >= place.StartNs && session.SpikeSamples[i] * 1_000_000 < place.StartNs + 1_000_000_000).ToArray();
            Assert.Equal(spikes.Select(i => session.SpikeUnits[i]), window.SpikeUnits);
            Assert.Equal(spikes.Select(i => (session.SpikeSamples[i] * 1_000_000 - place.StartNs) / 1e9), window.SpikeTimes);
            Assert.Equal(20, window.QueryTimes.Length);
            for (var query = 0; query < 20; query++)
            {
                Assert.Equal((query + 1) * 0.05, window.QueryTimes[query], 12);
                var at = place.StartNs + (query + 1) * 50_000_000L;
                var isInside = at - 100_000_000 >= 2_000_000_000;
                Assert.Equal(isInside && query >= 5 ? 1 : 0, window.QueryWeights[query]);
                Assert.Equal(!isInside, float.IsNaN(window.Targets[query]));
                if (!isInside) continue;
                var truth = session.BehaviourSamples.Index().Where(row => row.Item * 1_000_000 >= at - 100_000_000 && row.Item * 1_000_000 < at)
                    .Average(row => (double)session.BehaviourValues[row.Index]);
                Assert.Equal((float)((truth - own.OutputMean[0]) / own.OutputSd[0]), window.Targets[query], 5);
            }
        }
    }

    [Fact]
    public void Normalised_targets_have_mean_0_and_deviation_1_over_the_training_intervals_alone()
    {
        // The validation interval is far away: were it looked at, the mean would move.
        var session = new SmallSession { Train = [new(0, 16)], Valid = [new(16, 20)], Value = (ms, _) => ms < 16_000 ? (float)Math.Sin(ms / 700.0) : 1000 }.Make();
        var sessions = TrainingSessions.From([session], new WindowOptions { QueryStepMs = 100, TargetMs = 100 });
        var targets = sessions.Cover(SessionPart.Train).SelectMany(place => sessions.Cut(place).Targets).ToArray();
        Assert.Equal(160, targets.Length);
        Assert.Equal(0, targets.Average(), 4);
        Assert.Equal(1, targets.Average(value => value * value), 4);
    }

    [Fact]
    public void A_filter_takes_queries_out_of_the_loss_and_out_of_the_normalisation()
    {
        var session = new SmallSession
        {
            Behaviour = [new("x", "cm"), new("speed", "cm/s")],
            Value = (ms, channel) => channel == 0 ? (ms / 1000 % 2 == 0 ? 500 : (float)Math.Sin(ms / 70.0)) : ms / 1000 % 2 == 0 ? 1 : 30,
        }.Make();
        var sessions = TrainingSessions.From([session], new WindowOptions { Outputs = ["x"], Filter = "speed > 20", QueryStepMs = 100, TargetMs = 100 });
        Assert.InRange(sessions.Sessions[0].OutputMean[0], -1, 1);
        foreach (var place in sessions.Cover(SessionPart.Train))
        {
            var window = sessions.Cut(place);
            Assert.Equal(Enumerable.Repeat(place.StartNs / 1_000_000_000 % 2 == 0 ? 0f : 1f, 10), window.QueryWeights);
        }
    }

    [Fact]
    public void NaN_stretches_have_no_target()
    {
        var session = new SmallSession { Value = (ms, _) => ms is >= 3000 and < 7000 ? float.NaN : (float)Math.Sin(ms / 700.0) }.Make();
        var sessions = TrainingSessions.From([session], new WindowOptions { QueryStepMs = 100, TargetMs = 100 });
        foreach (var place in sessions.Cover(SessionPart.Train))
            Assert.Equal(place.StartNs is >= 3_000_000_000 and < 7_000_000_000, sessions.Cut(place).Targets.All(float.IsNaN));
    }

    [Fact]
    public void Behaviour_that_ends_before_the_spikes_leaves_targets_unknown()
    {
        var sessions = TrainingSessions.From([new SmallSession { HasRow = ms => ms < 8000 && ms % 10 == 0 }.Make()], new WindowOptions());
        var places = sessions.Cover(SessionPart.Train);
        Assert.Equal(20, places.Length);
        foreach (var place in places)
        {
            Assert.Equal(place.StartNs >= 8_000_000_000, sessions.Cut(place).Targets.All(float.IsNaN));
            Assert.NotEmpty(sessions.Cut(place).SpikeTimes);
        }
    }

    [Fact]
    public void Random_draws_depend_on_epoch_and_index_and_not_on_the_order_of_calls()
    {
        var session = new SmallSession { Units = 40 }.Make();
        var options = new WindowOptions
        {
            Seed = 9,
            UnitDropout = new UnitDropout { Min = 5, Mode = 10, Max = 40 },
            SpikeDropout = 0.2,
            TimeJitterMs = 5,
        };
        var sessions = TrainingSessions.From([session], options);
        var places = sessions.Epoch(SessionPart.Train, 2);
        var forward = places.Select(place => sessions.Cut(place, 2)).ToArray();
        var backward = places.Reverse().AsParallel().AsOrdered().Select(place => sessions.Cut(place, 2)).ToArray().Reverse().ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            Assert.Equal(forward[i].UnitRows, backward[i].UnitRows);
            Assert.Equal(forward[i].SpikeUnits, backward[i].SpikeUnits);
            Assert.Equal(forward[i].SpikeTimes, backward[i].SpikeTimes);
        }

        Assert.NotEqual(forward[0].UnitRows, sessions.Cut(places[0], 3).UnitRows);
        Assert.NotEqual(forward[0].UnitRows, sessions.Cut(places[0] with { Index = 1 }, 2).UnitRows);
        Assert.True(forward.Select(window => window.UnitRows.Length).Distinct().Count() > 5);
    }

    [Fact]
    public void A_dropped_unit_loses_its_row_and_its_spikes_and_no_other_one()
    {
        var session = new SmallSession { Units = 10 }.Make();
        var sessions = TrainingSessions.From([session], new WindowOptions { UnitDropoutShare = 0.3 });
        var (kept, windows) = (0, 0);
        for (var epoch = 0; epoch < 20; epoch++)
        {
            foreach (var place in sessions.Epoch(SessionPart.Train, epoch))
            {
                var (whole, window) = (sessions.Cut(place), sessions.Cut(place, epoch));
                var rows = window.UnitRows.ToHashSet();
                var stay = Enumerable.Range(0, whole.SpikeUnits.Length).Where(spike => rows.Contains(whole.UnitRows[whole.SpikeUnits[spike]])).ToArray();
                Assert.Equal(stay.Select(spike => whole.UnitRows[whole.SpikeUnits[spike]]), window.SpikeUnits.Select(unit => window.UnitRows[unit]));
                Assert.Equal(stay.Select(spike => whole.SpikeTimes[spike]), window.SpikeTimes);
                Assert.Equal(window.UnitRows.Order(), window.UnitRows);
                kept += window.UnitRows.Length;
                windows++;
            }
        }

        Assert.InRange(kept / (10.0 * windows), 0.66, 0.74);
    }

    [Fact]
    public void Dropped_and_shifted_spikes_stay_in_the_window_and_in_order()
    {
        var session = new SmallSession { Units = 20 }.Make();
        var plain = TrainingSessions.From([session], new WindowOptions());
        var jittered = TrainingSessions.From([session], new WindowOptions { SpikeDropout = 0.25, TimeJitterMs = 20 });
        var (before, after, shift) = (0, 0, 0.0);
        foreach (var place in plain.Epoch(SessionPart.Train, 0))
        {
            var (whole, window) = (plain.Cut(place), jittered.Cut(place, 0));
            Assert.Equal(window.SpikeTimes.Order(), window.SpikeTimes);
            Assert.All(window.SpikeTimes, time => Assert.InRange(time, 0, 0.999999999));
            before += whole.SpikeTimes.Length;
            after += window.SpikeTimes.Length;
            shift += window.SpikeTimes.Count(time => time * 1000 != Math.Round(time * 1000));
        }

        Assert.InRange(after / (double)before, 0.72, 0.78);
        Assert.True(shift > 0.9 * after);
        Assert.Equal(plain.Cut(plain.Cover(SessionPart.Train)[0]).SpikeTimes, jittered.Cut(plain.Cover(SessionPart.Train)[0]).SpikeTimes);
    }
}
