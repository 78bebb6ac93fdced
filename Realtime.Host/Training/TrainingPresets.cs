using System.Reflection;
using System.Text;
using Realtime.Engine.Text;
using Realtime.Models.Training.Transformers;

namespace Realtime.Host.Training;

/// <summary>Recipes that come with the program: the files in Training/Recipes. Any thread.</summary>
public static class TrainingPresets
{
    private const string Prefix = "recipes/";
    private const string Suffix = ".yaml";

    /// <summary>Names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal)];

    /// <summary>The file's text; upper and lower case are the same.</summary>
    /// <exception cref="UserErrorException">There is none of that name.</exception>
    public static string Text(string name)
    {
        var known = Names.FirstOrDefault(preset => preset.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(name);
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + known + Suffix)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>What the first line of the file says.</summary>
    public static string Description(string name) => Text(name).Split('\n')[0].TrimStart('#', ' ').TrimEnd();

    /// <summary>The recipe of a name, or of a file.</summary>
    /// <exception cref="UserErrorException">It is neither, or the file is wrong.</exception>
    public static ITrainingRecipe Read(string nameOrFile)
    {
        if (Names.Contains(nameOrFile, StringComparer.OrdinalIgnoreCase)) return RecipeFile.Parse(Text(nameOrFile), nameOrFile);
        if (File.Exists(nameOrFile) || Path.GetExtension(nameOrFile).ToLowerInvariant() is ".yaml" or ".yml" or ".json" || nameOrFile.AsSpan().ContainsAny('/', '\\')) return RecipeFile.Read(nameOrFile);
        throw Unknown(nameOrFile);
    }

    /// <summary>The recipe of a POYO or POSSM model.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or is for another kind.</exception>
    public static TrainingRecipe ReadWindows(string nameOrFile) => Read(nameOrFile) is var recipe && recipe is TrainingRecipe windows
        ? windows
        : throw new UserErrorException($"{nameOrFile} is a recipe for {recipe.Kind}; one for {string.Join(" or ", TrainingRecipeKeys.Kinds)} is due here.", ExitCode.Usage);

    private static UserErrorException Unknown(string name) => new(
        $"--config: '{name}' is neither a file nor a recipe of this program{NearestName.Hint(name, Names)}. Recipes: {string.Join(", ", Names)}.", ExitCode.BadInput);
}
