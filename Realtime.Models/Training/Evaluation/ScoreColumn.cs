using Realtime.Engine.Decoding;
using Realtime.Models.Scores;

namespace Realtime.Models.Training.Evaluation;

/// <summary>One column of a score table.</summary>
/// <param name="Target">Output, or pair of outputs, or "all".</param>
/// <param name="Metric">Name of the score; see <see cref="ScoreAccumulator"/>.</param>
/// <param name="Unit">Its unit; empty for shares and R².</param>
public sealed record ScoreColumn(string Target, string Metric, string Unit)
{
    // Column by column: for all outputs first the same score, so that a reader compares what is comparable.
    private static readonly string[] Shares = ["sign_accuracy", "class_accuracy"];

    /// <summary>"TARGET/METRIC", such as "hand_x/r2": the key of <see cref="ScoreRow.Values"/>.</summary>
    public string Key => $"{Target}/{Metric}";

    /// <summary>What a reader sees, such as "R² hand_x" or "median error head_direction, deg".</summary>
    public string Title => (Metric, Target) switch
    {
        ("mean_r2", _) => "mean R²",
        ("r2", _) => $"R² {Target}",
        ("sign_accuracy", _) => $"side right {Target}",
        ("class_accuracy", _) => $"class right {Target}",
        _ => $"median error {Target}",
    } + (Unit.Length == 0 ? "" : $", {Unit}");

    /// <summary>The columns for some outputs: R² of each, their mean, median errors of angles, places and single outputs, and shares where
    /// any row has them.</summary>
    internal static IReadOnlyList<ScoreColumn> For(IReadOnlyList<OutputChannel> outputs, IEnumerable<ScoreRow> rows)
    {
        var columns = outputs.Select(output => new ScoreColumn(output.Name, "r2", "")).ToList();
        columns.Add(new ScoreColumn("all", "mean_r2", ""));
        foreach (var joint in JointTarget.Find(outputs))
            columns.Add(joint.IsAngle ? new ScoreColumn(joint.Name, "median_abs_error_deg", "deg")
                : new ScoreColumn(joint.Name, "median_error", outputs[joint.First].Unit));
        foreach (var output in outputs)
            columns.Add(TargetSources.AngleUnit(output.Unit) is null ? new ScoreColumn(output.Name, "median_abs_error", output.Unit)
                : new ScoreColumn(output.Name, "median_abs_error_deg", "deg"));
        var keys = rows.SelectMany(row => row.Values.Keys).ToHashSet(StringComparer.Ordinal);
        columns.AddRange(Shares.SelectMany(share => outputs.Select(output => new ScoreColumn(output.Name, share, "")))
            .Where(column => keys.Contains(column.Key)));
        return columns;
    }
}
