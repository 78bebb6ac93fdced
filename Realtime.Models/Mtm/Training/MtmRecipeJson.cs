using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Mtm.Training;

/// <summary>The JSON form of a recipe, as models and checkpoints keep it; it is a recipe file as well.</summary>
public static class MtmRecipeJson
{
    /// <summary>Every key that counts, in a fixed order.</summary>
    public static JsonObject Write(MtmRecipe recipe)
    {
        var json = JsonSerializer.SerializeToNode(recipe, RecipeSerialization.Options)!.AsObject();

        // Null is not the default here: it is written, so that it comes back.
        if (recipe.Behaviour is null) json["behaviour"] = null;
        return json;
    }

    /// <param name="json">What <see cref="Write"/> gave, or a part of it: what is missing has its default.</param>
    /// <param name="file">Where it comes from, for messages.</param>
    /// <exception cref="ModelFormatException">A key is unknown or of another type.</exception>
    public static MtmRecipe Read(JsonObject json, string file)
    {
        try
        {
            return json.Deserialize<MtmRecipe>(RecipeSerialization.Options)!;
        }
        catch (JsonException error)
        {
            throw new ModelFormatException(file, "recipe" + error.Path?.TrimStart('$'), $"cannot be read: {error.Message}", "Correct the key; docs/training.md lists them.", error);
        }
    }
}
