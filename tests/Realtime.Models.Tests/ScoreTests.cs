using Realtime.Engine.Decoding;
using Realtime.Models.Scores;

namespace Realtime.Models.Tests;

public sealed class ScoreTests
{
    [Fact]
    public void Scores_follow_their_definitions()
    {
        var scores = new ScoreAccumulator([new("v", "cm")], [2.0]);
        foreach (var (p, t) in new[] { (1f, 1.0), (2f, 3.0), (4f, 2.0), (3f, 6.0) }) scores.Append([p], [t]);
        var v = scores.Scores()["v"];

        // Errors 0, 1, 2, 3: Σe² = 14; targets about their mean 3: 4 + 0 + 1 + 9 = 14.
        Assert.Equal(0, v["r2"], 12);
        Assert.Equal(Math.Sqrt(14.0 / 4), v["rmse"], 12);
        Assert.Equal(1.5, v["mean_abs_error"], 12);
        Assert.Equal(1.5, v["median_abs_error"], 12);

        // Σ(p - 2.5)(t - 3) = 3 + 0 - 1.5 + 1.5 = 3; Σ(p - 2.5)² = 5.
        Assert.Equal(3 / Math.Sqrt(5 * 14.0), v["correlation"], 12);
        Assert.Equal(1 - (1.0 + 1 + 0 + 16) / 14, v["constant_r2"], 12);
    }

    [Fact]
    public void Directions_are_compared_the_short_way_round_and_places_by_distance()
    {
        var scores = new ScoreAccumulator([new("cos_hd", "1"), new("sin_hd", "1"), new("x", "cm"), new("y", "cm")], [1, 0, 0, 0]);
        Add(350, 10, (0, 0), (3, 4));
        Add(90, 100, (1, 1), (1, 2));
        Add(180, -179, (0, 0), (0, 2));
        var result = scores.Scores();
        Assert.Equal(10, result["hd"]["median_abs_error_deg"], 4);
        Assert.Equal((20 + 10 + 1) / 3.0, result["hd"]["mean_abs_error_deg"], 4);
        Assert.Equal(100, result["hd"]["constant_median_abs_error_deg"], 4);
        Assert.Equal(2, result["x,y"]["median_error"], 6);
        Assert.Equal(8 / 3.0, result["x,y"]["mean_error"], 6);

        void Add(double predicted, double actual, (float X, float Y) at, (double X, double Y) truth)
        {
            var (p, t) = (predicted * Math.PI / 180, actual * Math.PI / 180);
            scores.Append([0.5f * (float)Math.Cos(p), 0.5f * (float)Math.Sin(p), at.X, at.Y], [Math.Cos(t), Math.Sin(t), truth.X, truth.Y]);
        }
    }

    [Fact]
    public void An_angle_by_itself_is_scored_in_degrees()
    {
        var scores = new ScoreAccumulator([new("phase", "deg")]);
        scores.Append([359], [1]);
        Assert.Equal(2, scores.Scores()["phase"]["median_abs_error_deg"], 9);
    }

    [Fact]
    public void What_is_unknown_is_left_out_and_counted()
    {
        var scores = new ScoreAccumulator([new("a", "1"), new("b", "1")]);
        Assert.False(scores.Append([1, 2], [double.NaN, double.NaN]));
        Assert.False(scores.Append([float.NaN, 2], [1, 2]));
        Assert.True(scores.Append([1, 2], [double.NaN, 2]));
        Assert.True(scores.Append([3, 4], [1, 4]));
        Assert.Equal(2, scores.LeftOut);
        Assert.Equal(2, scores.Pairs);
        Assert.Equal(2, scores.Scores()["a"]["rmse"], 12);
        Assert.Equal(0, scores.Scores()["b"]["rmse"], 12);
        Assert.Equal(1, scores.Scores()["all"]["mean_r2"], 12);
    }

    [Fact]
    public void No_pairs_and_constant_targets_give_NaN_not_a_number_made_up()
    {
        var scores = new ScoreAccumulator([new("a", "1")], [0]);
        Assert.True(double.IsNaN(scores.Scores()["a"]["r2"]));
        Assert.True(double.IsNaN(scores.Scores()["a"]["median_abs_error"]));
        foreach (var prediction in new float[] { 1, 2, 4 }) scores.Append([prediction], [0.1]);
        Assert.True(double.IsNaN(scores.Scores()["a"]["r2"]));
        Assert.True(double.IsNaN(scores.Scores()["a"]["correlation"]));
        Assert.True(double.IsNaN(scores.Scores()["all"]["mean_r2"]));
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        var scores = new ScoreAccumulator([new("a", "1")]);
        Assert.Throws<ArgumentException>(() => scores.Append([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new ScoreAccumulator([new OutputChannel("a", "1")], [1, 2]));
    }
}
