using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Realtime.Engine.Text;

namespace Realtime.Models.Possm;

/// <summary>The settings object of a model file of kind "possm".</summary>
public static class PossmSettingsJson
{
    private const string Refit = "Import or fit the model again, or mend the file's config.";
    private const double MaxSd = 1e30;
    private const int MaxVisibleTokens = 1_000_000;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        IgnoreReadOnlyProperties = true,
    };

    public static JsonObject Write(PossmSettings settings) => JsonSerializer.SerializeToNode(settings, Options)!.AsObject();

    /// <summary>Reads the settings and checks what can be checked without the weights.</summary>
    /// <exception cref="ModelFormatException">A key is missing, unknown, or holds what it cannot.</exception>
    public static PossmSettings Read(ModelFile file)
    {
        PossmSettings settings;
        try
        {
            settings = file.Config.Settings.Deserialize<PossmSettings>(Options) ?? throw new JsonException("there are none");
        }
        catch (JsonException error)
        {
            var key = error.Path is { Length: > 2 } path ? "config.settings" + path[1..] : "config.settings";
            throw new ModelFormatException(file.Name, key, $"cannot be read: {error.Message}", Refit, error);
        }

        Check(settings, file);
        return settings;
    }

    private static void Check(PossmSettings settings, ModelFile file)
    {
        var config = file.Config;
        PossmConfigCheck.Check(settings.HyperParameters, file.Name);
        var chunk = settings.HyperParameters.BinWidth;
        if (Math.Abs(config.BinNs * 1e-9 - chunk) > 0.5e-9)
            throw Wrong("hyper_parameters.bin_width", $"is {chunk} s, but the file's bin_ns is {config.BinNs}.");
        if (config.Lags != 1)
            throw new ModelFormatException(file.Name, "config.lags", $"is {config.Lags}; 1 is due, as one chunk is read at a time.", Refit);
        if (settings.UnitRows.Count != config.Units.Count)
            throw Wrong("unit_rows", $"has {settings.UnitRows.Count} entries for {config.Units.Count} units.");
        for (var unit = 0; unit < settings.UnitRows.Count; unit++)
        {
            if (settings.UnitRows[unit] < 1 || settings.UnitRows[unit] >= settings.UnitVocab.Count)
                throw Wrong($"unit_rows[{unit}]", $"is {settings.UnitRows[unit]}; from 1 to {settings.UnitVocab.Count - 1} are possible, the rows of unit_vocab without NA.");
        }

        Known("session", settings.Session, settings.SessionVocab);
        Known("task", settings.Task, settings.Tasks);
        if (settings.Tasks.Distinct().Count() != settings.Tasks.Count) throw Wrong("tasks", "names a task twice.");
        if (settings.VisibleTokens is < 0 or > MaxVisibleTokens)
            throw Wrong("visible_tokens", $"is {settings.VisibleTokens}; from 0 (strict) to {MaxVisibleTokens} are possible.");
        if (!(settings.QueryLag >= 0 && settings.QueryLag < chunk))
            throw Wrong("query_lag", $"is {settings.QueryLag} s; from 0 up to, but not including, a chunk of {chunk} s are possible.");
        if (settings.ResetEveryChunks < 0) throw Wrong("reset_every_chunks", $"is {settings.ResetEveryChunks}; 0 (never) or more is due.");
        PerOutput("output_sd", settings.OutputSd, value => value > 0 && value < MaxSd, "positive");
        PerOutput("output_mean", settings.OutputMean, value => Math.Abs(value) < MaxSd, "finite");

        void Known(string key, string word, IReadOnlyList<string> words)
        {
            if (!words.Contains(word)) throw Wrong(key, $"is '{word}', which the model does not have{NearestName.Hint(word, words)}.");
        }

        void PerOutput(string key, IReadOnlyList<double> values, Func<double, bool> isGood, string due)
        {
            if (values.Count != 0 && values.Count != config.Outputs.Count)
                throw Wrong(key, $"has {values.Count} values for {config.Outputs.Count} outputs.");
            if (!values.All(isGood)) throw Wrong(key, $"holds a number that is not {due}.");
        }

        ModelFormatException Wrong(string key, string what) => new(file.Name, "config.settings." + key, what, Refit);
    }
}
