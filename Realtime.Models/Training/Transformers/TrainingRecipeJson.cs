using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Transformer;

namespace Realtime.Models.Training.Transformers;

/// <summary>The JSON form of a recipe, as models and checkpoints keep it; it is a recipe file as well.</summary>
public static class TrainingRecipeJson
{
    private const string Model = "model";

    /// <summary>Every key that counts, in a fixed order.</summary>
    public static JsonObject Write(TrainingRecipe recipe)
    {
        var json = JsonSerializer.SerializeToNode(recipe, RecipeSerialization.Options)!.AsObject();
        json.Remove(PoyoRandom.Kind);
        json.Remove(PossmRandom.Kind);
        json[Model] = recipe.Kind == PoyoRandom.Kind ? SettingsJson.Write(recipe.Poyo) : SettingsJson.Write(recipe.Possm);
        return json;
    }

    /// <param name="json">What <see cref="Write"/> gave.</param>
    /// <param name="file">Where it comes from, for messages.</param>
    /// <exception cref="ModelFormatException">A key is missing, unknown, or of another type.</exception>
    public static TrainingRecipe Read(JsonObject json, string file)
    {
        var rest = json.DeepClone().AsObject();
        var model = rest[Model] as JsonObject;
        rest.Remove(Model);
        try
        {
            var recipe = rest.Deserialize<TrainingRecipe>(RecipeSerialization.Options)!;
            return recipe.Kind == PoyoRandom.Kind
                ? recipe with { Poyo = SettingsJson.Read<PoyoConfig>(model, file, "recipe.model") }
                : recipe with { Possm = SettingsJson.Read<PossmConfig>(model, file, "recipe.model") };
        }
        catch (JsonException error)
        {
            throw new ModelFormatException(file, "recipe" + error.Path?.TrimStart('$'), $"cannot be read: {error.Message}", "Train again.", error);
        }
    }

    /// <summary>Lower-case hexadecimal SHA-256 of the JSON text.</summary>
    public static string Hash(TrainingRecipe recipe) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(recipe).ToJsonString())));

    /// <summary>"learning_rate (0.001 there, 0.002 here)" for every key in which two recipes differ.</summary>
    public static IReadOnlyList<string> Differences(JsonObject there, JsonObject here, string prefix = "")
    {
        var list = new List<string>();
        foreach (var key in there.Select(entry => entry.Key).Union(here.Select(entry => entry.Key)))
        {
            var (a, b) = (there[key], here[key]);
            if (JsonNode.DeepEquals(a, b)) continue;
            if (a is JsonObject first && b is JsonObject second) list.AddRange(Differences(first, second, $"{prefix}{key}."));
            else list.Add($"{prefix}{key} ({Text(a)} there, {Text(b)} here)");
        }

        return list;

        static string Text(JsonNode? node) => node?.ToJsonString() ?? "none";
    }
}
