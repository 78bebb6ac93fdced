using System.Text.Json.Nodes;

namespace Realtime.Models.Training.Evaluation;

/// <summary>Figures of several predictors under one heading, such as bits per spike. Immutable; any thread.</summary>
/// <param name="Title">The heading, such as "Bits per spike on the test trials".</param>
/// <param name="Note">What a reader must know to compare the figures.</param>
/// <param name="Columns">Key (snake_case) and title of each figure.</param>
/// <param name="Rows">In the order to be shown.</param>
public sealed record MetricTable(string Title, string Note, IReadOnlyList<(string Key, string Title)> Columns, IReadOnlyList<MetricRow> Rows)
{
    /// <summary>{"title", "note", "columns": [{"key", "title"}], "rows": [{"name", "values": {key: number or null}}]}.</summary>
    public JsonObject ToJson() => new()
    {
        ["title"] = Title,
        ["note"] = Note,
        ["columns"] = new JsonArray([.. Columns.Select(column => new JsonObject { ["key"] = column.Key, ["title"] = column.Title })]),
        ["rows"] = new JsonArray([.. Rows.Select(row => new JsonObject
        {
            ["name"] = row.Name,
            ["values"] = new JsonObject(Columns.Select(column => KeyValuePair.Create<string, JsonNode?>(column.Key, row.Value(column.Key)))),
        })]),
    };
}
