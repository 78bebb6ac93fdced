using Realtime.Engine.Text;
using Realtime.Models.Mtm;
using Realtime.Models.Neuroformer;
using Realtime.Models.Neuroformer.Live;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;

namespace Realtime.Models.Verification;

/// <summary>Runs models against references. Any thread.</summary>
public static class Verifier
{
    private static readonly Dictionary<string, Func<GoldenFolder, IReadOnlyList<VerifyCase>>> ByModel = new(StringComparer.Ordinal)
    {
        ["POYO"] = PoyoVerifier.Run,
        ["POSSM"] = PossmVerifier.Run,
        [MtmGolden.ModelName] = MtmVerifier.Run,
    };

    private static readonly Dictionary<string, Func<ModelFile, IReadOnlyList<VerifyCase>>> ByKind = new(StringComparer.Ordinal)
    {
        [PoyoDecoder.Kind] = PoyoVerifier.Run,
        [PossmDecoder.Kind] = PossmVerifier.Run,
        [MtmKind.Name] = MtmVerifier.Run,
        [NeuroformerDecoder.Kind] = NeuroformerModelVerifier.Run,
    };

    /// <summary>Runs a model file, a golden folder, or each golden folder in a folder.</summary>
    /// <exception cref="ModelFormatException">A file is damaged, contradicts another, or is of a model that cannot be verified.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<VerifyCase> Run(string path)
    {
        if (!Directory.Exists(path))
        {
            using var file = ModelFile.Read(path);
            return Run(file);
        }

        if (IsGolden(path)) return Run(GoldenFolder.Read(path));
        var within = Directory.GetDirectories(path).Where(IsGolden).Order(StringComparer.Ordinal).ToArray();
        if (within.Length == 0)
            throw new ModelFormatException(path, "", "has no config.json.", "Name a model file, a folder with config.json, weights, inputs and outputs, or a folder of such folders.");
        return [.. within.SelectMany(folder => Run(GoldenFolder.Read(folder)).Select(result => result with { Name = $"{Path.GetFileName(folder)}: {result.Name}" }))];
    }

    /// <summary>Runs a model against the references of a golden folder.</summary>
    /// <exception cref="ModelFormatException">A file contradicts another, or the model cannot be verified.</exception>
    public static IReadOnlyList<VerifyCase> Run(GoldenFolder folder)
    {
        // A folder may say more about the model behind its name.
        if (ByModel.FirstOrDefault(model => folder.Model == model.Key || folder.Model.StartsWith(model.Key + " ", StringComparison.Ordinal)).Value is { } run) return run(folder);
        if (folder.Model.Length == 0 && NeuroformerGolden.Fits(folder)) return NeuroformerVerifier.Run(folder);
        throw new ModelFormatException(Path.Combine(folder.Path, "config.json"), "model",
            folder.Model.Length == 0 ? "is missing or no text." : $"is '{folder.Model}', which cannot be verified{NearestName.Hint(folder.Model, ByModel.Keys)}.",
            $"Models that can: {string.Join(", ", ByModel.Keys)}. A newer program may know more.");
    }

    /// <summary>Loads a model file, checks all of it, and runs its live form against its plain form.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, contradicts itself, or has no two forms to compare.</exception>
    public static IReadOnlyList<VerifyCase> Run(ModelFile file)
    {
        if (ByKind.TryGetValue(file.Config.Kind, out var run)) return run(file);
        throw new ModelFormatException(file.Name, "config.kind", $"is '{file.Config.Kind}', which has no two forms to compare{NearestName.Hint(file.Config.Kind, ByKind.Keys)}.",
            $"Kinds that can be verified: {string.Join(", ", ByKind.Keys)}. Score other models on a session with 'evaluate'.");
    }

    private static bool IsGolden(string folder) => File.Exists(Path.Combine(folder, "config.json"));
}
