using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Training;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Training.Windows;

public sealed class TrainingSessionsTests
{
    private static readonly OutputChannel[] TwoChannels = [new("y", "cm"), new("x", "cm")];

    [Fact]
    public void Sessions_share_vocabularies_and_the_union_of_their_outputs()
    {
        var (a, b) = (new SmallSession { Name = "a" }.Make(), new SmallSession { Name = "b", Units = 2, Behaviour = TwoChannels }.Make());
        var sessions = TrainingSessions.From([a, b], new WindowOptions());
        Assert.Equal(["NA", "a/probe/Electrode 1#1", "a/probe/Electrode 2#1", "a/probe/Electrode 3#1", "b/probe/Electrode 1#1", "b/probe/Electrode 2#1"],
            sessions.UnitVocab);
        Assert.Equal(["NA", "a", "b"], sessions.SessionVocab);
        Assert.Equal([new OutputChannel("x", "cm"), new("y", "cm")], sessions.Outputs);
        Assert.Equal([true, false], sessions.Sessions[0].Knows);
        Assert.Equal((0, 1), (sessions.Sessions[0].OutputMean[1], sessions.Sessions[0].OutputSd[1]));
        var places = sessions.Cover(SessionPart.Train);
        var (first, last) = (sessions.Cut(places[0]), sessions.Cut(places[^1]));
        Assert.Equal((1, 2), (first.SessionRow, last.SessionRow));
        Assert.Equal([4, 5], last.UnitRows);
        Assert.All(first.Targets.Chunk(2), pair => Assert.True(float.IsFinite(pair[0]) && float.IsNaN(pair[1])));
        Assert.All(last.Targets, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Each_session_is_normalised_by_itself()
    {
        var a = new SmallSession { Name = "a", Value = (ms, _) => 100 + 7 * (float)Math.Sin(ms / 700.0) }.Make();
        var sessions = TrainingSessions.From([a, new SmallSession { Name = "b" }.Make()], new WindowOptions());
        Assert.InRange(sessions.Sessions[0].OutputMean[0], 98, 102);
        Assert.Equal(7, sessions.Sessions[0].OutputSd[0] / sessions.Sessions[1].OutputSd[0], 4);
    }

    [Fact]
    public void Words_that_a_model_has_keep_their_rows()
    {
        string[] units = ["NA", "old/u", "a/probe/Electrode 2#1"];
        var sessions = TrainingSessions.From([new SmallSession { Name = "a" }.Make()], new WindowOptions(), units, ["NA", "old"]);
        Assert.Equal([.. units, "a/probe/Electrode 1#1", "a/probe/Electrode 3#1"], sessions.UnitVocab);
        Assert.Equal([3, 2, 4], sessions.Sessions[0].UnitRows);
        Assert.Equal(2, sessions.Sessions[0].Row);
    }

    [Fact]
    public void An_angle_may_be_a_channel_in_one_session_and_its_cosine_and_sine_in_another()
    {
        var a = new SmallSession { Name = "a", Behaviour = [new("hd", "rad")] }.Make();
        var b = new SmallSession { Name = "b", Behaviour = [new("cos_hd", "1"), new("sin_hd", "1")] }.Make();
        var sessions = TrainingSessions.From([a, b], new WindowOptions { Outputs = ["hd"] });
        Assert.Equal(["cos_hd", "sin_hd"], sessions.Outputs.Select(output => output.Name));
        Assert.All(sessions.Sessions, session => Assert.Equal([true, true], session.Knows));
    }

    [Fact]
    public void Units_that_never_fire_are_kept_and_told()
    {
        var sessions = TrainingSessions.From([new SmallSession { Fires = unit => unit != 1 }.Make()], new WindowOptions());
        Assert.Equal([1, 2, 3], sessions.Cut(sessions.Cover(SessionPart.Train)[0]).UnitRows);
        Assert.Contains(sessions.Notes, note => note.Contains("1 of 3 units never fire") && note.Contains("Electrode 2"));
    }

    [Fact]
    public void Intervals_shorter_than_the_window_are_left_out_and_told()
    {
        var sessions = TrainingSessions.From([new SmallSession { Segments = [new(0, 0.5), new(1, 5)] }.Make()], new WindowOptions());
        Assert.Equal([new TimeRange(1, 5)], sessions.Sessions[0].Intervals(SessionPart.Train));
        Assert.Contains(sessions.Notes, note => note.Contains("1 of 2 training intervals are shorter"));
    }

    [Fact]
    public void What_cannot_be_trained_on_is_refused_with_a_way_out()
    {
        Refused("named 'small'", "--name", new SmallSession(), new SmallSession());
        Refused("'NA'", "Rename", new SmallSession { Name = "NA" });
        Refused("never varies", "'x'", new SmallSession { Value = (_, _) => 0.1f });
        Refused("'x' is in 'cm' in session 'a', but in 'camera pixel' in session 'b'", "Convert", new SmallSession { Name = "a" },
            new SmallSession { Name = "b", Behaviour = [new("x", "camera pixel")] });
        Refused("knows none of x", "missing or NaN", new SmallSession { Value = (ms, _) => ms < 15_000 ? float.NaN : ms, Train = [new(0, 15)] });
        Refused(new WindowOptions { Outputs = ["x"] }, "'b' has none of the outputs x", "channels are z", new SmallSession { Name = "a" },
            new SmallSession { Name = "b", Behaviour = [new("z", "1")] });
        Refused("no training interval", "splits", new SmallSession { Train = [] });
        Refused("no training interval as long as", "the longest unbroken one is 0.8 s", new SmallSession { Segments = [new(0, 0.5), new(1, 1.8)] });
        Refused("No unit", "nothing to decode", new SmallSession { Fires = _ => false });
        Refused("no behaviour", "behaviour", new SmallSession { Behaviour = [] });
        Refused(new WindowOptions { Outputs = ["xx"] }, "did you mean 'x'", "small", new SmallSession());
        Refused(new WindowOptions { Outputs = ["x", "x"] }, "twice", "x", new SmallSession());
        Refused(new WindowOptions { Filter = "sped > 2" }, "sped", "small", new SmallSession());
        Refused(new WindowOptions { Filter = "x > 20" }, "filter", "wider", new SmallSession());
        Refused(new WindowOptions { WindowSeconds = 1, QueryStepMs = 30, WholeSteps = true }, "whole number", "0.99", new SmallSession());
        Refused(new WindowOptions { WindowSeconds = double.NaN }, "window_s", "from", new SmallSession());
        Refused(new WindowOptions { BurnInSeconds = 1 }, "burn_in_s", "less than", new SmallSession());
        Refused(new WindowOptions { SpikeDropout = 1 }, "spike_dropout", "below 1", new SmallSession());
        Assert.Throws<TrainingException>(() => TrainingSessions.From([], new WindowOptions()));
    }

    private static void Refused(string part, string other, params SmallSession[] sessions) => Refused(new WindowOptions(), part, other, sessions);

    private static void Refused(WindowOptions options, string part, string other, params SmallSession[] sessions)
    {
        var error = Assert.Throws<TrainingException>(() => TrainingSessions.From([.. sessions.Select(session => session.Make())], options));
        Assert.Contains(part, error.Message);
        Assert.Contains(other, error.Message);
    }
}
