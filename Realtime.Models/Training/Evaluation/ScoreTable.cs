using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Engine.Decoding;

namespace Realtime.Models.Training.Evaluation;

/// <summary>Scores of several predictors side by side, session by session; each row says whether it is causal or offline (stitched), and
/// the two are never one number. Immutable; any thread.</summary>
public sealed class ScoreTable
{
    /// <param name="interval">What was scored: "valid" or "test".</param>
    /// <param name="outputs">The model's outputs, in order.</param>
    /// <param name="rows">In the order to be shown; those of a session together.</param>
    public ScoreTable(string interval, IReadOnlyList<OutputChannel> outputs, IEnumerable<ScoreRow> rows)
    {
        Interval = interval;
        Rows = [.. rows];
        Columns = ScoreColumn.For(outputs, Rows);
    }

    /// <summary>"valid" or "test".</summary>
    public string Interval { get; }

    public IReadOnlyList<ScoreColumn> Columns { get; }

    public IReadOnlyList<ScoreRow> Rows { get; }

    /// <summary>{"interval", "columns": [{"key", "title", "target", "metric", "unit"}], "rows": [{"session", "predictor", "timing", "pairs",
    /// "values": {key: number or null}}]}; null where a score is not defined.</summary>
    public JsonObject ToJson() => new()
    {
        ["interval"] = Interval,
        ["columns"] = new JsonArray([.. Columns.Select(column => new JsonObject
        {
            ["key"] = column.Key,
            ["title"] = column.Title,
            ["target"] = column.Target,
            ["metric"] = column.Metric,
            ["unit"] = column.Unit,
        })]),
        ["rows"] = new JsonArray([.. Rows.Select(row => new JsonObject
        {
            ["session"] = row.Session,
            ["predictor"] = row.Predictor,
            ["timing"] = row.Timing.Text(),
            ["pairs"] = row.Pairs,
            ["values"] = new JsonObject(Columns.Select(column => KeyValuePair.Create<string, JsonNode?>(column.Key, Value(row, column)))),
        })]),
    };

    /// <summary>A Markdown table; "–" where a score is not defined.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder("| session | predictor | timing | pairs |");
        foreach (var column in Columns) text.Append(CultureInfo.InvariantCulture, $" {column.Title} |");
        text.Append("\n| --- | --- | --- | ---: |").Insert(text.Length, " ---: |", Columns.Count).Append('\n');
        foreach (var row in Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Session} | {row.Predictor} | {row.Timing.Text()} | {row.Pairs} |");
            foreach (var column in Columns)
            {
                var cell = Value(row, column) is { } value ? value.ToString(Math.Abs(value) < 10 ? "F3" : "F1", CultureInfo.InvariantCulture) : "–";
                text.Append(CultureInfo.InvariantCulture, $" {cell} |");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A row's score in a column; null where it is not defined.</summary>
    public static double? Value(ScoreRow row, ScoreColumn column) =>
        row.Values.TryGetValue(column.Key, out var value) && double.IsFinite(value) ? value : null;
}
