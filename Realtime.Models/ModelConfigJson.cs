using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.Models;

/// <summary>The JSON text of a <see cref="ModelConfig"/>.</summary>
internal static class ModelConfigJson
{
    private const string Refit = "Fit the model again, or mend the file's config.";

    /// <summary>The longest bin and window that are believed: a decoder answers about seconds, not hours.</summary>
    private const long MaxWindowNs = 600_000_000_000;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(ModelConfig config) => JsonSerializer.Serialize(config, Options);

    /// <exception cref="ModelFormatException">The text is no config, or contradicts itself.</exception>
    public static ModelConfig Read(string json, string file)
    {
        ModelConfig config;
        try
        {
            config = JsonSerializer.Deserialize<ModelConfig>(json, Options) ?? throw new JsonException("the text is 'null'");
        }
        catch (JsonException error)
        {
            var key = error.Path is { Length: > 2 } path ? "config" + path[1..] : "config";
            throw new ModelFormatException(file, key, $"cannot be read: {error.Message}", Refit, error);
        }

        Check(config, file);
        return config;
    }

    private static void Check(ModelConfig config, string file)
    {
        if (config.BinNs is < 1 or > MaxWindowNs) throw Wrong("bin_ns", $"is {config.BinNs}; from 1 to {MaxWindowNs} are possible.");
        if (config.Lags < 1 || config.Lags > MaxWindowNs / config.BinNs)
            throw Wrong("lags", $"is {config.Lags}; the window of lags × bin_ns must lie between 1 and {MaxWindowNs} ns.");
        if (config.TargetNs is < 1 or > MaxWindowNs)
            throw Wrong("target_ns", $"is {config.TargetNs}; from 1 to {MaxWindowNs} are possible.");
        if (config.Units.Count == 0) throw Wrong("units", "is empty.");
        if (config.Outputs.Count == 0) throw Wrong("outputs", "is empty.");
        for (var row = 0; row < config.Units.Count; row++)
        {
            var unit = config.Units[row];
            if (unit.Stream is null || unit.Electrode is null) throw Wrong($"units[{row}]", "needs stream, electrode and sorted_id.");
        }

        if (config.Units.Distinct().Count() != config.Units.Count) throw Wrong("units", "names a unit twice.");
        if (config.Outputs.Any(output => string.IsNullOrEmpty(output.Name) || output.Unit is null))
            throw Wrong("outputs", "holds an entry without name or unit.");
        if (config.Outputs.Select(output => output.Name).Distinct().Count() != config.Outputs.Count)
            throw Wrong("outputs", "names an output twice.");
        if (config.Training.TargetMean.Count != config.Outputs.Count)
            throw Wrong("training.target_mean", $"has {config.Training.TargetMean.Count} values for {config.Outputs.Count} outputs.");

        ModelFormatException Wrong(string key, string what) => new(file, "config." + key, what, Refit);
    }
}
