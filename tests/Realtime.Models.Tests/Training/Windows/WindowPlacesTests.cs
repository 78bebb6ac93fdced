using Realtime.Engine.Sessions;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Training.Windows;

public sealed class WindowPlacesTests
{
    private static readonly TimeRange[] Segments = [new(0, 3.3), new(3.3, 3.9), new(4, 11.25), new(12, 13), new(13.5, 20)];

    [Fact]
    public void An_epoch_covers_each_interval_once_without_crossing_a_border()
    {
        var sessions = Of(new WindowOptions { WindowSeconds = 1, Seed = 3 });
        var offsets = new HashSet<long>();
        for (var epoch = 0; epoch < 200; epoch++)
        {
            var places = sessions.Epoch(SessionPart.Train, epoch);
            Assert.Equal(Enumerable.Range(0, places.Length), places.Select(place => place.Index));
            foreach (var (start, end) in new[] { (0L, 3_300L), (4_000, 11_250), (12_000, 13_000), (13_500, 16_000) })
            {
                var inside = places.Where(place => place.StartNs >= start * 1_000_000 && place.StartNs + 1_000_000_000 <= end * 1_000_000)
                    .Select(place => place.StartNs - start * 1_000_000).Order().ToArray();
                Assert.All(places.Where(place => place.StartNs >= start * 1_000_000 && place.StartNs < end * 1_000_000),
                    place => Assert.Equal(start * 1_000_000, place.IntervalStartNs));

                // As many as fit, back to back but for the one at the larger end.
                Assert.Equal((end - start) / 1000, inside.Length);
                var gaps = inside.Zip(inside.Skip(1), (a, b) => b - a).ToArray();
                Assert.True(gaps.Count(gap => gap == 1_000_000_000) >= gaps.Length - 1);
                if (end == 13_000) Assert.Equal([0L], inside);
                offsets.Add(inside[0]);
            }

            Assert.Equal(3 + 7 + 1 + 2, places.Length);
        }

        Assert.True(offsets.Count > 200);
    }

    [Fact]
    public void The_order_is_shuffled_and_depends_on_seed_and_epoch_alone()
    {
        var sessions = Of(new WindowOptions { Seed = 3 });
        var first = sessions.Epoch(SessionPart.Train, 4);
        Assert.Equal(first, Of(new WindowOptions { Seed = 3 }).Epoch(SessionPart.Train, 4));
        Assert.NotEqual(first, sessions.Epoch(SessionPart.Train, 5));
        Assert.NotEqual(first, Of(new WindowOptions { Seed = 4 }).Epoch(SessionPart.Train, 4));
        Assert.NotEqual(first.Select(place => place.StartNs).Order(), first.Select(place => place.StartNs));
    }

    [Fact]
    public void A_number_of_windows_is_drawn_evenly_over_the_data()
    {
        var sessions = Of(new WindowOptions { Seed = 3, WindowsPerEpoch = 40_000 });
        var places = sessions.Epoch(SessionPart.Train, 0);
        Assert.Equal(40_000, places.Length);
        const double total = 3.3 + 7.25 + 1 + 2.5;
        foreach (var (start, end) in new[] { (0.0, 3.3), (4, 11.25), (12, 13), (13.5, 16) })
        {
            var inside = places.Where(place => place.StartNs / 1e9 >= start && place.StartNs / 1e9 + 1 <= end + 1e-9).ToArray();
            Assert.InRange(inside.Length / 40_000.0, (end - start) / total - 0.015, (end - start) / total + 0.015);
            if (end == 13) continue;
            Assert.InRange(inside.Average(place => place.StartNs / 1e9), (start + end - 1) / 2 - 0.15, (start + end - 1) / 2 + 0.15);
        }

        Assert.Equal(40_000, places.Count(place => Segments.Any(segment =>
            place.StartNs >= Math.Round(segment.Start * 1e9) && place.StartNs + 1_000_000_000 <= Math.Round(segment.End * 1e9))));
    }

    [Fact]
    public void A_window_may_lie_across_segments_only_where_that_is_asked_for()
    {
        var sessions = Of(new WindowOptions { RespectSegments = false });
        Assert.Equal([new TimeRange(0, 16)], sessions.Sessions[0].Intervals(SessionPart.Train));
        Assert.Equal([new TimeRange(16, 18)], sessions.Sessions[0].Intervals(SessionPart.Valid));
        Assert.Equal([new TimeRange(0, 18)], sessions.Sessions[0].Intervals(SessionPart.TrainAndValid));
        Assert.Equal([new TimeRange(0, 3.3), new(4, 11.25), new(12, 13), new(13.5, 18)],
            Of(new WindowOptions()).Sessions[0].Intervals(SessionPart.TrainAndValid));
    }

    [Fact]
    public void Windows_of_validation_are_the_same_every_time_and_reach_the_end()
    {
        var sessions = Of(new WindowOptions { WindowSeconds = 0.75 });
        Assert.Equal([16_000_000_000, 16_750_000_000, 17_250_000_000], sessions.Cover(SessionPart.Valid).Select(place => place.StartNs));
    }

    [Fact]
    public void A_trial_gives_one_window_flush_with_its_end_however_its_borders_are_rounded()
    {
        var random = new Random(1);
        var trials = Enumerable.Range(0, 40).Select(i => i * 0.5 + random.NextDouble() * 0.09)
            .Select(start => new TimeRange(start, start + 0.4)).ToArray();
        var session = new SmallSession { Segments = trials, Train = [new(trials[0].Start, 15)], Valid = [new(15, 20)] }.Make();
        var options = new WindowOptions { WindowSeconds = 0.4, OnePerInterval = true, QueryStepMs = 50, WholeSteps = true, TargetMs = 100 };
        var sessions = TrainingSessions.From([session], options);
        var places = sessions.Epoch(SessionPart.Train, 0);
        Assert.Equal(30, places.Length);
        Assert.Equal(30, places.Select(place => place.StartNs).Distinct().Count());
        Assert.All(places, place => Assert.Equal(place.IntervalStartNs, place.StartNs));
        Assert.Equal(10, sessions.Cover(SessionPart.Valid).Length);
        var shorter = TrainingSessions.From([session], options with { WindowSeconds = 0.35, WindowsPerEpoch = 45 });
        places = shorter.Epoch(SessionPart.Train, 0);
        Assert.Equal(45, places.Length);
        Assert.All(places, place => Assert.Equal(50_000_000, place.StartNs - place.IntervalStartNs));
        Assert.Equal(30, places.Take(30).Distinct().Count(place => place.Index < 30));
    }

    private static TrainingSessions Of(WindowOptions options) => TrainingSessions.From(
        [new SmallSession { Segments = Segments, Train = [new(0, 16)], Valid = [new(16, 18)] }.Make()], options);
}
