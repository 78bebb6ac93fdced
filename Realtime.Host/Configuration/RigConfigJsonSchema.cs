using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Host.Configuration;

/// <summary>
/// The key table as a JSON schema (draft 2020-12), which editors use to complete and check rig configs as they are written.
/// </summary>
public static class RigConfigJsonSchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema's text, ending in a line break; rig-configs/rig-config.schema.json holds the same.</summary>
    public static string Generate()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "RealtimeDecoder rig config",
        };
        foreach (var (name, value) in Mapping(RigConfigKeys.Root)) schema[name] = value?.DeepClone();
        return schema.ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonObject Mapping(ConfigSection section)
    {
        var properties = new JsonObject();
        foreach (var key in section.Keys) properties[key.Name] = Property(key);
        var required = new JsonArray([.. section.Keys.Where(key => key.Required).Select(key => JsonValue.Create(key.Name))]);
        var mapping = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (required.Count > 0) mapping["required"] = required;
        return mapping;
    }

    private static JsonObject Property(ConfigKey key)
    {
        var property = new JsonObject { ["description"] = key.Description };
        switch (key.Kind)
        {
            case ConfigKeyKind.Section:
                Merge(property, Mapping(key.Section!));
                return property;
            case ConfigKeyKind.List:
                property["type"] = "array";
                property["minItems"] = (int)key.Min;
                property["maxItems"] = (int)key.Max;
                property["items"] = Mapping(key.Section!);
                return property;
            case ConfigKeyKind.Choice:
                property["enum"] = new JsonArray([.. key.Choices.Select(choice => JsonValue.Create(choice))]);
                break;
            case ConfigKeyKind.Text:
                property["type"] = Type("string", key.Nullable);
                property["minLength"] = 1;
                property["maxLength"] = key.MaxLength;
                if (key.FileName) property["pattern"] = "^(?![. ])[^\\\\/:*?\"<>|\\u0000-\\u001f]*(?<![. ])$";
                break;
            case ConfigKeyKind.Boolean:
                property["type"] = "boolean";
                break;
            default:
                property["type"] = Type(key.Kind == ConfigKeyKind.Integer ? "integer" : "number", key.Nullable);
                property["minimum"] = Number(key, key.Min);
                property["maximum"] = Number(key, key.Max);
                if (key.PowerOfTwo) property["enum"] = PowersOfTwo(key);
                break;
        }

        if (!key.Required) property["default"] = Value(key.Default);
        return property;
    }

    private static JsonNode Type(string type, bool nullable) => nullable ? new JsonArray(type, "null") : JsonValue.Create(type);

    private static JsonNode Number(ConfigKey key, double value) =>
        key.Kind == ConfigKeyKind.Integer ? JsonValue.Create((long)value) : JsonValue.Create(value);

    private static JsonArray PowersOfTwo(ConfigKey key)
    {
        var powers = new JsonArray();
        for (var power = 1L; power <= key.Max; power *= 2)
            if (power >= key.Min) powers.Add(power);
        return powers;
    }

    private static JsonNode? Value(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        _ => JsonValue.Create((string)value),
    };

    private static void Merge(JsonObject target, JsonObject source)
    {
        foreach (var (name, value) in source) target[name] = value?.DeepClone();
    }
}
