using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Host.Configuration;
using Realtime.Host.Reports;
using Realtime.Models.Kernels;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;

namespace Realtime.Host.Training;

/// <summary>report.json of a training; see docs/training.md.</summary>
internal static class TrainingReportJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(TrainingOutcome training, ScoreTable? table, IReadOnlyList<MetricTable> tables, TrainingRun run, string path) =>
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Make(training, table, tables, run).ToJsonString(Indented) + "\n")));

    public static JsonObject Make(TrainingOutcome training, ScoreTable? table, IReadOnlyList<MetricTable> tables, TrainingRun run)
    {
        var result = training.Result;
        return new JsonObject
        {
            ["schema_version"] = 1,
            ["model_hash"] = run.ModelHash,
            ["stop"] = ConfigWords.Of(result.Stop),
            ["reason"] = result.Reason,
            ["sessions"] = new JsonArray([.. training.Sessions.Select(session => new JsonObject
            {
                ["name"] = session.Name,
                ["units"] = session.Units,
                ["train_s"] = session.TrainSeconds,
            })]),
            ["parameters"] = training.Parameters,
            ["best_epoch"] = result.BestEpoch,
            ["score"] = training.Score,
            ["best_score"] = Number(result.BestScore),
            ["refitted_with_valid"] = result.IsRefitted,
            ["windows"] = result.Windows,
            ["seconds"] = run.Seconds,
            ["windows_per_s"] = Number(run.WindowsPerSecond),
            ["threads"] = run.Threads,
            ["kernels"] = KernelSet.Best.Name,
            ["curve"] = new JsonArray([.. result.Curve.Select(point => new JsonObject
            {
                ["phase"] = ConfigWords.Of(point.Phase),
                ["epoch"] = point.Epoch,
                ["loss"] = Number(point.Loss),
                ["loss_parts"] = new JsonObject([.. point.LossParts.Select(part => KeyValuePair.Create(part.Key, (JsonNode?)Number(part.Value)))]),
                ["learning_rate"] = point.LearningRate,
                ["gradient_norm"] = Number(point.GradientNorm),
                ["score"] = Number(point.Score),
            })]),
            ["scores"] = table?.ToJson(),
            ["tables"] = new JsonArray([.. tables.Select(metrics => metrics.ToJson())]),
            ["notes"] = new JsonArray([.. run.Notes.Select(note => JsonValue.Create(note))]),
            ["recipe"] = training.Recipe.DeepClone(),
        };
    }

    /// <summary>JSON has no NaN.</summary>
    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
