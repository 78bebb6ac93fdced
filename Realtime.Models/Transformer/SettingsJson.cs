using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Realtime.Models.Transformer;

/// <summary>The JSON form of the transformers' settings: snake_case, so that hyper-parameters carry upstream's names.</summary>
internal static class SettingsJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static JsonObject Write<T>(T settings) => JsonSerializer.SerializeToNode(settings, Options)!.AsObject();

    /// <exception cref="ModelFormatException">A key is missing, unknown, or of another type.</exception>
    public static T Read<T>(JsonObject? json, string file, string key)
    {
        try
        {
            return (json ?? throw new JsonException("it is missing")).Deserialize<T>(Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            var at = error.Path is { Length: > 2 } path ? key + path[1..] : key;
            throw new ModelFormatException(file, at, $"cannot be read: {error.Message}", "Check the model's configuration, or import it again.", error);
        }
    }
}
