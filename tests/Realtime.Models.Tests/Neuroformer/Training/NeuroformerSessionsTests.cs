using Realtime.Engine.Sessions;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Training;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Neuroformer.Training;

/// <summary>Windows of sessions, their tokens and labels.</summary>
public sealed class NeuroformerSessionsTests
{
    private static NeuroformerRecipe Recipe => new()
    {
        Model = new NeuroformerShape { WindowCurr = 0.05, WindowPrev = 0.15 },
        Outputs = ["x", "y"],
        WindowsPerEpoch = 200,
        BatchWindows = 50,
    };

    [Fact]
    public void Tokens_are_the_sessions_spikes_and_targets_the_next_ones()
    {
        var session = SyntheticSession.Make(units: 5, seconds: 40);
        var sessions = NeuroformerSessions.From([session], Recipe);
        var config = sessions.Config;
        foreach (var place in sessions.Sessions.Epoch(SessionPart.Train, 0).Take(40))
        {
            var sample = sessions.Cut(place);
            var (start, end) = (place.StartNs + config.PrevNs, place.StartNs + config.PrevNs + config.CurrNs);
            var due = Enumerable.Range(0, session.SpikeSamples.Length)
                .Select(spike => (Ns: session.SpikeSamples[spike] * 1_000_000_000 / 30_000, Unit: session.SpikeUnits[spike]))
                .Where(spike => spike.Ns >= start && spike.Ns < end)
                .Select(spike => (Bin: (int)((spike.Ns - start) / 10_000_000), spike.Unit)).Order().ToArray();
            Assert.Equal(0, place.StartNs % 10_000_000);
            if (due.Length > config.BlockId - 2) continue;
            Assert.Equal([config.Sos, .. due.Select(spike => spike.Unit), config.Eos], sample.Window.Ids[..(due.Length + 2)]);
            Assert.Equal([.. due.Select(spike => spike.Unit), config.Eos], sample.Ids[..(due.Length + 1)]);
            Assert.Equal([.. due.Select(spike => spike.Bin), config.DtEos], sample.Times[..(due.Length + 1)]);
            Assert.All(sample.Ids[(due.Length + 1)..], id => Assert.Equal(-1, id));
        }
    }

    [Fact]
    public void No_window_crosses_a_border_of_the_splits()
    {
        var sessions = NeuroformerSessions.From([SyntheticSession.Make(units: 5, seconds: 40)], Recipe);
        foreach (var (part, from, to) in new[] { (SessionPart.Train, 0L, 24L), (SessionPart.Valid, 24L, 32L), (SessionPart.Test, 32L, 40L) })
        {
            var places = sessions.Sessions.Epoch(part, 3).Concat(sessions.Answers(0, part, [new TimeRange(from, to)], 50_000_000)).ToArray();
            Assert.NotEmpty(places);
            Assert.All(places, place => Assert.InRange(place.StartNs, from * 1_000_000_000, to * 1_000_000_000 - sessions.WindowNs));
        }
    }

    [Fact]
    public void A_label_is_the_mean_that_ends_with_the_window_or_earlier_by_the_lag()
    {
        var session = SyntheticSession.Make(units: 5, seconds: 40);
        foreach (var lag in new[] { 0, 0.05 })
        {
            var sessions = NeuroformerSessions.From([session], Recipe with { LabelLag = lag });
            var own = sessions.Sessions.Sessions[0];
            var place = sessions.Answers(0, SessionPart.Train, session.Train, 50_000_000)[17];
            var end = (int)Math.Round((place.StartNs + sessions.WindowNs) / 1e7 - lag * 100);
            var due = Enumerable.Range(end - 5, 5).Average(row => (double)session.BehaviourValues[row * session.Behaviour.Count]);
            var targets = new double[2];
            Assert.True(sessions.Targets(place, targets));
            Assert.Equal(due, targets[0], 1e-6);
            Assert.Equal((due - own.OutputMean[0]) / own.OutputSd[0], sessions.Cut(place).Labels[0], 1e-5);
        }
    }

    [Fact]
    public void Few_labels_are_even_blocks_and_normalise_alone()
    {
        var session = SyntheticSession.Make(units: 5, seconds: 200);
        var sessions = NeuroformerSessions.From([session], Recipe with { LabelShare = 0.1 });
        var blocks = sessions.Sessions.Sessions[0].Session.Train;
        Assert.Equal(12, blocks.Sum(block => block.Length), 1e-9);
        Assert.True(blocks.Count > 1);
        Assert.All(blocks, block => Assert.True(block.Start >= 0 && block.End <= 120));
        Assert.All(sessions.Sessions.Epoch(SessionPart.Train, 0), place => Assert.Contains(blocks,
            block => place.StartNs >= block.Start * 1e9 - 1 && place.StartNs + sessions.WindowNs <= block.End * 1e9 + 1));

        // Labels outside of the blocks do not matter, not even to means.
        var values = (float[])session.BehaviourValues.Clone();
        for (var row = 0; row < values.Length / session.Behaviour.Count; row++)
            if (!blocks.Any(block => row >= block.Start * 100 - 6 && row <= block.End * 100 + 6)) values[row * session.Behaviour.Count] = 1e6f;
        var other = NeuroformerSessions.From([session.With(values: values)], Recipe with { LabelShare = 0.1 });
        Assert.Equal(sessions.Sessions.Sessions[0].OutputMean, other.Sessions.Sessions[0].OutputMean);
    }

    [Fact]
    public void Blocks_cross_from_interval_to_interval_and_keep_the_share()
    {
        var blocks = LabelBlocks.Of([new TimeRange(10, 20), new TimeRange(50, 80)], 0.5, 0.5);
        Assert.Equal(20, blocks.Sum(block => block.Length), 1e-9);
        Assert.All(blocks, block => Assert.True((block.Start >= 10 && block.End <= 20) || (block.Start >= 50 && block.End <= 80)));
        Assert.Contains("label_share", Assert.Throws<TrainingException>(() => LabelBlocks.Of([new TimeRange(0, 10)], 0.01, 0.5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_hold_nearly_all_spikes()
    {
        var sessions = NeuroformerSessions.From([SyntheticSession.Make(units: 5, seconds: 60)], Recipe);
        var places = sessions.Sessions.Cover(SessionPart.Train);
        Assert.InRange(places.Count(place => sessions.Cut(place).Window.Cut > 0), 0, places.Length / 500);
        Assert.InRange(sessions.Config.BlockId, 4, 60);
    }
}
