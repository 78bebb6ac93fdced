using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Models.Mtm;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Transformer;

namespace Realtime.Models.Checkpoints;

/// <summary>A model's constructor arguments by upstream's names, and where they were found. Values are bool, long, double, text or others.</summary>
public sealed class HyperParameters
{
    private readonly IReadOnlyDictionary<string, object?> _values;

    /// <param name="source">For messages, such as a file's name.</param>
    /// <param name="values">By upstream's names.</param>
    public HyperParameters(string source, IReadOnlyDictionary<string, object?> values)
    {
        Source = source;
        _values = values;
    }

    /// <summary>The published configurations by name.</summary>
    public static IReadOnlyDictionary<string, HyperParameters> Published { get; } = new Dictionary<string, HyperParameters>(StringComparer.OrdinalIgnoreCase)
    {
        ["poyo_1.3M"] = Of("poyo_1.3M", PoyoConfig.Poyo1M),
        ["poyo_11.8M"] = Of("poyo_11.8M", PoyoConfig.Poyo12M),
        ["possm_small"] = Of("possm_small", PossmConfig.Small),
        ["possm_large"] = Of("possm_large", PossmConfig.Large),
        ["mtm"] = Of("mtm", MtmConfig.Published),
    };

    public string Source { get; }

    public IEnumerable<string> Names => _values.Keys;

    /// <summary>The class that the arguments are for, where they say so.</summary>
    public string? Target => _values.GetValueOrDefault("_target_") as string;

    /// <summary>All values as JSON, nested ones too.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(new JsonObject(_values.Select(entry => KeyValuePair.Create(entry.Key, entry.Value switch
    {
        bool flag => JsonValue.Create(flag),
        long whole => JsonValue.Create(whole),
        double number when double.IsFinite(number) => JsonValue.Create(number),
        string text => JsonValue.Create(text),
        JsonNode node => node.DeepClone(),
        _ => null,
    }))));

    /// <summary>A finite number, or null where there is none of that name.</summary>
    /// <exception cref="ModelFormatException">The value is something else.</exception>
    public double? Number(string name) => _values.GetValueOrDefault(name) switch
    {
        null => null,
        long whole => whole,
        double number when double.IsFinite(number) => number,
        var other => throw Wrong(name, $"is {Shown(other)}; a number is due."),
    };

    /// <summary>Whether the value is there and true.</summary>
    public bool IsTrue(string name) => _values.GetValueOrDefault(name) is true;

    /// <exception cref="ModelFormatException">The value is missing or no number.</exception>
    public double Needed(string name) => Number(name) ?? throw Wrong(name, "is missing, and the tensors do not tell it.");

    internal ModelFormatException Wrong(string name, string what) => new(Source, name, what,
        $"Give the model's configuration with --config: a file, or one of {string.Join(", ", Published.Keys)}.");

    private static HyperParameters Of<T>(string name, T config) => new(name, SettingsJson.Write(config).ToDictionary(
        entry => entry.Key, entry => Value(entry.Value!.GetValue<JsonElement>()), StringComparer.Ordinal));

    private static object? Value(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : value.GetDouble();

    private static string Shown(object value) => value switch
    {
        string text => $"'{PickleInput.Shown(text)}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "of another type",
    };
}
