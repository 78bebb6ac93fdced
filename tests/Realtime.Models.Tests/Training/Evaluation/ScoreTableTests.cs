using Realtime.Engine.Decoding;
using Realtime.Models.Scores;
using Realtime.Models.Training;
using Realtime.Models.Training.Evaluation;

namespace Realtime.Models.Tests.Training.Evaluation;

public sealed class ScoreTableTests
{
    private static readonly OutputChannel[] Outputs = [new("cos_hd", "1"), new("sin_hd", "1"), new("x", "cm"), new("y", "cm")];

    [Fact]
    public void Rows_say_what_was_scored_and_columns_follow_the_outputs()
    {
        var scores = new ScoreAccumulator(Outputs, [0, 0, 1, 1]);
        scores.Append([1, 0, 3, 4], [1, 0, 0, 0]);
        scores.Append([0, 1, 1, 1], [-1, 0, 1, 1]);
        var table = new ScoreTable("test", Outputs,
        [
            ScoreRow.Of("a", "possm", ScoreTiming.Causal, scores), ScoreRow.Of("a", "possm", ScoreTiming.OfflineStitched, scores),
            ScoreRow.OfConstant("a", ScoreTiming.Causal, scores),
        ]);
        Assert.Equal(["cos_hd/r2", "sin_hd/r2", "x/r2", "y/r2", "all/mean_r2", "hd/median_abs_error_deg", "x,y/median_error",
            "cos_hd/median_abs_error", "sin_hd/median_abs_error", "x/median_abs_error", "y/median_abs_error"], table.Columns.Select(column => column.Key));
        Assert.Equal(45, table.Rows[0].Values["hd/median_abs_error_deg"], 9);
        Assert.Equal(2.5, table.Rows[0].Values["x,y/median_error"], 9);
        Assert.Equal((Math.Sqrt(2) + 0) / 2, table.Rows[2].Values["x,y/median_error"], 9);

        // The constant 1 against 0 and 1 about their mean: 1 - 1 / 0.5; cos: 1 - 2 / 2.
        Assert.Equal(-1, table.Rows[2].Values["x/r2"], 9);
        Assert.Equal((0 - 1 - 1) / 3.0, table.Rows[2].Values["all/mean_r2"], 9);
        var json = table.ToJson();
        Assert.Equal(["causal", "offline (stitched)", "causal"], json["rows"]!.AsArray().Select(row => (string)row!["timing"]!));
        Assert.Equal("constant", (string)json["rows"]![2]!["predictor"]!);
        Assert.Null(json["rows"]![0]!["values"]!["sin_hd/r2"]);
        Assert.Equal(2.5, (double)json["rows"]![0]!["values"]!["x,y/median_error"]!, 9);
        Assert.Equal("deg", (string)json["columns"]![5]!["unit"]!);
        Assert.DoesNotContain("NaN", json.ToJsonString());
        Assert.Contains("| a | possm | offline (stitched) | 2 |", table.ToMarkdown());
        Assert.Equal(5, table.ToMarkdown().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Linear_decoders_of_the_session_and_the_constant_stand_beside()
    {
        var session = SyntheticSession.Make(seconds: 60);
        var notes = new List<string>();
        var options = new TrainingOptions { BinMs = 100, Lags = 4, Outputs = ["x", "y", "speed"] };
        var rows = BaselineScores.Fit(session, options, session.Test, notes: notes.Add);
        Assert.Equal(["wiener", "kalman", "constant"], rows.Select(row => row.Predictor));
        Assert.Contains("bayes", Assert.Single(notes));
        var fitted = WienerTrainer.Train(session, options).Report.Test;
        Assert.Equal(fitted["x"]["r2"], rows[0].Values["x/r2"]);
        Assert.Equal(fitted["all"]["mean_r2"], rows[0].Values["all/mean_r2"]);
        Assert.Equal(fitted["x"]["constant_r2"], rows[2].Values["x/r2"]);
        Assert.True(rows[2].Values["all/mean_r2"] <= 0 && rows[0].Values["all/mean_r2"] > rows[2].Values["all/mean_r2"]);
    }
}
