using System.Text.Json.Nodes;
using Realtime.Engine.Text;
using Realtime.Models.Mtm;
using Realtime.Models.Neuroformer;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;

namespace Realtime.Models.Transformer;

/// <summary>Models of random weights by the name of a published configuration, or by hyper-parameters.</summary>
public static class RandomModels
{
    private static readonly Dictionary<string, Func<RandomModelOptions, byte[]>> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["poyo_1.3M"] = options => PoyoRandom.Create(PoyoConfig.Poyo1M, options),
        ["poyo_11.8M"] = options => PoyoRandom.Create(PoyoConfig.Poyo12M, options),
        ["possm_small"] = options => PossmRandom.Create(PossmConfig.Small, options),
        ["possm_large"] = options => PossmRandom.Create(PossmConfig.Large, options),
        ["mtm"] = options => MtmRandom.Create(MtmConfig.Published, options),
        ["mtm_half"] = options => MtmRandom.Create(MtmConfig.Published, options, settings => settings with { HalfWeights = true }),
        ["mtm_sliding"] = options => MtmRandom.Create(MtmConfig.Published, options, settings => settings with { Mode = MtmLiveMode.Sliding, TrialBins = 0 }),
        ["mtm_tiny"] = options => MtmRandom.Create(MtmRandom.Tiny, options),
        ["neuroformer_lateral"] = options => NeuroformerRandom.Create(NeuroformerRandom.Lateral, options),
        ["neuroformer_lateral_noframes"] = options => NeuroformerRandom.Create(NeuroformerRandom.LateralNoFrames, options),
        ["neuroformer_tiny"] = options => NeuroformerRandom.Create(NeuroformerRandom.Tiny, options),
    };

    // What upstream's configurations say about training; no forward pass reads it.
    private static readonly string[] TrainingKeys = ["ffn_dropout", "lin_dropout", "atn_dropout", "rnn_dropout", "emb_init_scale", "dim_out"];

    /// <summary>The kinds that can be drawn at random.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [PoyoRandom.Kind, PossmRandom.Kind, MtmKind.Name, NeuroformerRandom.Kind];

    /// <summary>The configurations with a name.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>The bytes of a model file of a named configuration, or null when there is no such name.</summary>
    public static byte[]? Named(string name, RandomModelOptions options) => ByName.TryGetValue(name, out var create) ? create(options) : null;

    /// <summary>The bytes of a model file of the smallest published configuration of a kind.</summary>
    /// <exception cref="ArgumentException">The kind is none of <see cref="Kinds"/>.</exception>
    public static byte[] Smallest(string kind, RandomModelOptions options) => kind switch
    {
        PoyoRandom.Kind => PoyoRandom.Create(PoyoConfig.Poyo1M, options),
        PossmRandom.Kind => PossmRandom.Create(PossmConfig.Small, options),
        MtmKind.Name => MtmRandom.Create(MtmConfig.Published, options),
        NeuroformerRandom.Kind => NeuroformerRandom.Create(NeuroformerRandom.LateralNoFrames, options),
        _ => throw new ArgumentException($"There is no random model of kind '{kind}'.", nameof(kind)),
    };

    /// <summary>The bytes of a model file.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>, in any case.</param>
    /// <param name="hyperParameters">Upstream's names; what is left out has the default of the smallest published configuration.</param>
    /// <param name="options">What it is made for.</param>
    /// <param name="file">The file the hyper-parameters come from, for messages.</param>
    /// <exception cref="ModelFormatException">The kind or a key is unknown, or a value is of another type or out of its range.</exception>
    public static byte[] Create(string kind, JsonObject hyperParameters, RandomModelOptions options, string file)
    {
        var known = new JsonObject(hyperParameters.Where(entry => !TrainingKeys.Contains(entry.Key))
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));
        return kind.ToLowerInvariant() switch
        {
            PoyoRandom.Kind => PoyoRandom.Create(Read<PoyoConfig>(known, file), options),
            PossmRandom.Kind => PossmRandom.Create(Read<PossmConfig>(known, file), options),
            MtmKind.Name => MtmRandom.Create(Read<MtmConfig>(known, file), options),
            NeuroformerRandom.Kind => NeuroformerRandom.Create(Read(known, file, NeuroformerRandom.LateralNoFrames), options),
            _ => throw new ModelFormatException(file, "model", $"is '{kind}'{NearestName.Hint(kind, Kinds)}.", $"Known: {string.Join(", ", Kinds)}."),
        };
    }

    private static T Read<T>(JsonObject json, string file) where T : new() => Read(json, file, new T());

    /// <summary>What is left out is as in another configuration.</summary>
    private static T Read<T>(JsonObject json, string file, T otherwise)
    {
        var whole = SettingsJson.Write(otherwise);
        var keys = whole.Select(entry => entry.Key).ToArray();
        if (json.FirstOrDefault(entry => !keys.Contains(entry.Key)).Key is { } unknown)
        {
            throw new ModelFormatException(file, $"hyper_parameters.{unknown}", $"is no hyper-parameter of this kind of model{NearestName.Hint(unknown, keys)}.",
                $"Known: {string.Join(", ", keys)}.");
        }

        foreach (var (key, value) in json) whole[key] = value?.DeepClone();
        return SettingsJson.Read<T>(whole, file, "hyper_parameters");
    }
}
