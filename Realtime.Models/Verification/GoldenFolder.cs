using System.Text.Json;
using Realtime.Models.Weights;

namespace Realtime.Models.Verification;

/// <summary>A folder of reference tensors: config.json, weights.safetensors, inputs.safetensors, outputs.safetensors.</summary>
public sealed class GoldenFolder
{
    private GoldenFolder(string path, JsonElement config)
    {
        Path = path;
        Config = config;
        Weights = SafetensorsFile.Read(System.IO.Path.Combine(path, "weights.safetensors"));
        Inputs = SafetensorsFile.Read(System.IO.Path.Combine(path, "inputs.safetensors"));
        Outputs = SafetensorsFile.Read(System.IO.Path.Combine(path, "outputs.safetensors"));
    }

    public string Path { get; }

    /// <summary>The root object of config.json.</summary>
    public JsonElement Config { get; }

    /// <summary>config.json's "model", such as "POYO".</summary>
    public string Model => Config.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String ? model.GetString()! : "";

    public SafetensorsFile Weights { get; }

    public SafetensorsFile Inputs { get; }

    public SafetensorsFile Outputs { get; }

    /// <exception cref="ModelFormatException">A file breaks its format.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static GoldenFolder Read(string path)
    {
        var file = System.IO.Path.Combine(path, "config.json");
        try
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(file));
            if (config.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("it is no JSON object");
            return new GoldenFolder(path, config.RootElement.Clone());
        }
        catch (JsonException error)
        {
            throw new ModelFormatException(file, "", $"cannot be read: {error.Message}", "Copy the folder again.", error);
        }
    }
}
