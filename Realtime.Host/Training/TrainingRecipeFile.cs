using Realtime.Host.Configuration;
using Realtime.Models.Training.Transformers;

namespace Realtime.Host.Training;

/// <summary>Reads recipe files, YAML or JSON. Any thread.</summary>
public static class TrainingRecipeFile
{
    /// <exception cref="UserErrorException">The file cannot be read or says something wrong: everything, each with line and key.</exception>
    public static TrainingRecipe Read(string path)
    {
        var problems = Problems(path);
        return (ConfigFileText.Read(path, problems) is { } text ? Parse(text, problems) : null) ?? throw Refused(problems);
    }

    /// <summary>Reads a text as if it stood in a file of that name.</summary>
    /// <inheritdoc cref="Read"/>
    public static TrainingRecipe Parse(string text, string name)
    {
        var problems = Problems(name);
        return Parse(text, problems) ?? throw Refused(problems);
    }

    private static TrainingRecipe? Parse(string text, ConfigProblems problems)
    {
        if (new ConfigTreeReader(problems).Read(text) is not { } tree) return null;

        // Which keys the model may have depends on the kind; a file without one is told so against either table.
        var kind = (tree.Entries.FirstOrDefault(entry => entry.Key.Value == "kind").Value as ScalarNode)?.Value;
        var root = TrainingRecipeKeys.Root(kind is not null && TrainingRecipeKeys.Kinds.Contains(kind) ? kind : TrainingRecipeKeys.Kinds[^1]);
        var values = new ConfigSectionReader(problems, root).Read(root, "", tree);
        return problems.Any ? null : TrainingRecipeBinder.Bind(values, problems);
    }

    internal static ConfigProblems Problems(string path) => new(path, "recipe", "kind: possm", "`rtdecode train --show-config possm_tiny` prints one that works");

    internal static UserErrorException Refused(ConfigProblems problems) => new(string.Join(Environment.NewLine, problems.ToList()), ExitCode.BadInput);
}
