using Realtime.Engine.Sessions;
using Realtime.Models.Training.Windows;
using Realtime.Tests;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Training.Windows;

/// <summary>The reference recordings, cut into windows.</summary>
public sealed class RecordingWindowsTests(ITestOutputHelper output)
{
    [NeedsSharedFact]
    public void Two_days_of_trials_give_one_window_each_and_one_vocabulary()
    {
        Session[] days = [NpySession.Read("npx_lederberg_1210"), NpySession.Read("npx_lederberg_1211")];
        var options = new WindowOptions
        {
            WindowSeconds = 0.4,
            OnePerInterval = true,
            QueryStepMs = 50,
            WholeSteps = true,
            TargetMs = 50,
            Outputs = ["contrast_difference"],
        };
        var sessions = TrainingSessions.From(days, options);
        Assert.Equal(1 + 565 + 1090, sessions.UnitVocab.Count);
        var places = sessions.Epoch(SessionPart.Train, 0);
        Assert.Equal((134, 129), (places.Count(place => place.Session == 0), places.Count(place => place.Session == 1)));
        Assert.Equal(45 + 43, sessions.Cover(SessionPart.Valid).Length);
        Assert.Equal(45 + 44, sessions.Cover(SessionPart.Test).Length);
        foreach (var day in new[] { 0, 1 })
        {
            var last = places.Where(place => place.Session == day).Select(place => sessions.Cut(place).Targets[^1]).ToArray();
            Assert.Equal(0, last.Average(), 4);
            Assert.Equal(1, last.Average(value => value * value), 4);
        }
    }

    [NeedsSharedFact]
    public void Continuous_recordings_give_windows_within_their_segments()
    {
        foreach (var (name, target, outputs) in new[] { ("hd_adn_mouse", 100, 2), ("m1_reach_42u", 70, 4), ("ca1_openfield_r2336", 200, 2) })
        {
            var session = NpySession.Read(name);
            var sessions = TrainingSessions.From([session], new WindowOptions { TargetMs = target, QueryStepMs = target, Seed = 1 });
            Assert.Equal(outputs, sessions.Outputs.Count);
            var places = sessions.Epoch(SessionPart.Train, 0);
            var (known, all, spikes) = (0, 0, 0);
            foreach (var place in places)
            {
                var (start, end) = (place.StartNs / 1e9, place.StartNs / 1e9 + 1);
                Assert.Contains(session.Segments, segment => start >= segment.Start - 1e-8 && end <= segment.End + 1e-8);
                Assert.Contains(session.Train, range => start >= range.Start - 1e-8 && end <= range.End + 1e-8);
                var window = sessions.Cut(place, 0);
                known += window.Targets.Count(float.IsFinite);
                all += window.Targets.Length;
                spikes += window.SpikeTimes.Length;
            }

            output.WriteLine($"{name}: {places.Length} windows, {known} of {all} targets known, {spikes} spikes; {string.Join(" ", sessions.Notes)}");
            Assert.True(known > 0.7 * all);
            Assert.True(spikes > 10 * places.Length);
        }
    }
}
