using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Models.Training.Evaluation;

namespace Realtime.Models.Mtm.Training;

/// <summary>Scores of predicted rates, session by session. Immutable; any thread.</summary>
/// <param name="Interval">"valid" or "test".</param>
/// <param name="Rows">In the order to be shown.</param>
public sealed record MtmScoreTable(string Interval, IReadOnlyList<MtmScoreRow> Rows)
{
    private static readonly (string Key, string Title, Func<MtmNeuronScores, double> Value)[] Columns =
    [
        ("bits_per_spike", "bits/spike", scores => scores.Mean),
        ("bits_per_spike_20", "of ≥ 20 spikes", scores => scores.MeanOfActive),
        ("bits_per_spike_weighted", "by spikes", scores => scores.SpikeWeightedMean),
        ("bits_per_spike_median", "median", scores => scores.Median),
        ("trial_r2", "trial R²", scores => scores.MeanTrialR2),
        ("psth_r2", "PSTH R²", scores => scores.MeanPsthR2),
    ];

    /// <summary>{"interval", "rows": [{"session", "task", "predictor", "neurons", score: number or null}]}.</summary>
    public JsonObject ToJson() => new()
    {
        ["interval"] = Interval,
        ["rows"] = new JsonArray([.. Rows.Select(row => new JsonObject(
        [
            KeyValuePair.Create<string, JsonNode?>("session", row.Session),
            KeyValuePair.Create<string, JsonNode?>("task", Name(row.Task)),
            KeyValuePair.Create<string, JsonNode?>("predictor", row.Predictor),
            KeyValuePair.Create<string, JsonNode?>("neurons", row.Scores.Neurons),
            .. Columns.Select(column => KeyValuePair.Create<string, JsonNode?>(column.Key, column.Value(row.Scores) is var value && double.IsFinite(value) ? value : null)),
        ]))]),
    };

    /// <summary>The same as a table of figures for reports.</summary>
    public MetricTable ToMetrics() => new(
        $"Bits per spike on the {Interval} trials",
        "Bits per spike against each neuron's own mean over the scored trials, mean over neurons; the null rate is taken from the scored trials themselves, so a predictor that drifts scores below 0.",
        [.. Columns.Select(column => (column.Key, column.Title))],
        [.. Rows.Select(row => new MetricRow($"{row.Session}, {Name(row.Task)}: {row.Predictor}", Columns.ToDictionary(column => column.Key, column => column.Value(row.Scores), StringComparer.Ordinal)))]);

    /// <summary>A Markdown table; "–" where a score is not defined.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder("| session | task | predictor | neurons |");
        foreach (var column in Columns) text.Append(CultureInfo.InvariantCulture, $" {column.Title} |");
        text.Append("\n| --- | --- | --- | ---: |").Insert(text.Length, " ---: |", Columns.Length).Append('\n');
        foreach (var row in Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Session} | {Name(row.Task)} | {row.Predictor} | {row.Scores.Neurons} |");
            foreach (var column in Columns)
            {
                var value = column.Value(row.Scores);
                text.Append(CultureInfo.InvariantCulture, $" {(double.IsFinite(value) ? value.ToString("F3", CultureInfo.InvariantCulture) : "–")} |");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>As the tables call a task.</summary>
    public static string Name(MtmTask task) => task switch
    {
        MtmTask.CoSmoothing => "co-smoothing",
        MtmTask.ForwardPrediction => "forward prediction",
        MtmTask.InterRegion => "inter-region",
        _ => "intra-region",
    };
}
