using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Models.Checkpoints;

/// <summary>Settings of a kind of model as the JSON object of its model file, keys in snake_case.</summary>
internal static class SettingsJson
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true };

    public static JsonObject Write<T>(T settings) => JsonSerializer.SerializeToNode(settings, Options)!.AsObject();
}
