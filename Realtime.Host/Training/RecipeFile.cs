using System.Text.Json.Nodes;
using Realtime.Engine.Text;
using Realtime.Host.Configuration;
using Realtime.Models;
using Realtime.Models.Mtm;
using Realtime.Models.Mtm.Training;
using Realtime.Models.Neuroformer;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;

namespace Realtime.Host.Training;

/// <summary>Reads recipe files of every kind of network, YAML or JSON. Any thread.</summary>
public static class RecipeFile
{
    private static readonly Dictionary<string, (Type Record, Func<JsonObject, string, ITrainingRecipe> Read)> ByKind = new(StringComparer.Ordinal)
    {
        [MtmKind.Name] = (typeof(MtmRecipe), MtmRecipeJson.Read),
        [NeuroformerKind.Name] = (typeof(NeuroformerRecipe), (json, _) => NeuroformerRecipe.Of(json)),
    };

    /// <summary>Every kind that recipes are for.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. TrainingRecipeKeys.Kinds, .. ByKind.Keys];

    /// <exception cref="UserErrorException">The file cannot be read or says something wrong: everything, each with line and key.</exception>
    public static ITrainingRecipe Read(string path)
    {
        var problems = TrainingRecipeFile.Problems(path);
        return Parse(ConfigFileText.Read(path, problems) ?? throw TrainingRecipeFile.Refused(problems), path);
    }

    /// <summary>Reads a text as if it stood in a file of that name.</summary>
    /// <inheritdoc cref="Read"/>
    public static ITrainingRecipe Parse(string text, string name)
    {
        var problems = TrainingRecipeFile.Problems(name);
        if (new ConfigTreeReader(problems).Read(text) is not { } tree) throw TrainingRecipeFile.Refused(problems);
        var kind = tree.Entries.FirstOrDefault(entry => entry.Key.Value == "kind").Value as ScalarNode;
        if (kind is null || TrainingRecipeKeys.Kinds.Contains(kind.Value)) return TrainingRecipeFile.Parse(text, name);
        if (!ByKind.TryGetValue(kind.Value, out var known))
        {
            problems.Add(kind, "kind", $"'{ScalarReader.Shorten(kind.Value)}' is no kind of network{NearestName.Hint(kind.Value, Kinds)}. Kinds: {string.Join(", ", Kinds)}.");
            throw TrainingRecipeFile.Refused(problems);
        }

        var json = RecipeTree.ToJson(tree, known.Record, "", problems) as JsonObject;
        if (problems.Any || json is null) throw TrainingRecipeFile.Refused(problems);
        try
        {
            var recipe = known.Read(json, name);
            recipe.Check();
            return recipe;
        }
        catch (Exception problem) when (problem is TrainingException or ModelFormatException)
        {
            throw new UserErrorException($"{name}: {problem.Message}", ExitCode.BadInput);
        }
    }
}
