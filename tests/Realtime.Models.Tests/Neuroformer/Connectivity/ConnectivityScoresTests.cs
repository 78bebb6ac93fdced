using Realtime.Engine.Sessions;
using Realtime.Models.Neuroformer.Connectivity;

namespace Realtime.Models.Tests.Neuroformer.Connectivity;

/// <summary>Areas under ROC curves and matrices.</summary>
public sealed class ConnectivityScoresTests
{
    [Fact]
    public void The_area_is_the_chance_of_the_right_order()
    {
        Assert.Equal(1, ConnectivityScores.Area([3, 4], [1, 2]));
        Assert.Equal(0.5, ConnectivityScores.Area([1, 1], [1]));
        Assert.Equal(5.5 / 6, ConnectivityScores.Area([2, 5], [1, 0, 2]), 1e-12);
        Assert.True(double.IsNaN(ConnectivityScores.Area([], [1])));
    }

    [Fact]
    public void The_area_is_that_of_all_pairs_counted()
    {
        var random = new Random(3);
        double[] first = [.. Enumerable.Range(0, 40).Select(_ => (double)random.Next(12))];
        double[] second = [.. Enumerable.Range(0, 30).Select(_ => (double)random.Next(10))];
        var due = first.Average(a => second.Average(b => a > b ? 1 : a == b ? 0.5 : 0));
        Assert.Equal(due, ConnectivityScores.Area(first, second), 1e-12);
    }

    [Fact]
    public void Truth_itself_scores_one_and_turned_round_it_has_the_wrong_direction()
    {
        double[] weights = [0, 1.5, 0, 0, 0, -2, 1, 0, 0];
        var units = UnitTable.Numbered(3).Units;
        var right = ConnectivityScores.Of(new ConnectivityMatrix(units, weights, IsSigned: true), weights);
        Assert.Equal((1, 1, 1, 1, 1), (right.Existence, right.Excitation, right.Inhibition, right.Direction, right.RightWay));
        double[] turned = [0, 0, 1, 1.5, 0, 0, 0, -2, 0];
        var wrong = ConnectivityScores.Of(new ConnectivityMatrix(units, turned, IsSigned: true), weights);
        Assert.Equal((0, 0), (wrong.Direction, wrong.RightWay));
    }

    [Fact]
    public void A_file_has_targets_in_rows_and_sources_in_columns()
    {
        var matrix = new ConnectivityMatrix(UnitTable.Numbered(2).Units, [0.5, double.NaN, -1, 2], IsSigned: true);
        var lines = matrix.ToCsv().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("target,\"", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("\",0.5,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("\",-1,2", lines[2], StringComparison.Ordinal);
        Assert.Equal(-1, matrix[1, 0]);
    }
}
