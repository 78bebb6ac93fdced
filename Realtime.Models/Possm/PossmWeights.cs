using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Possm;

/// <summary>
/// The numbers of a POSSM model with the GRU backbone, row-major, as upstream names and shapes them. Immutable by convention; any thread.
/// </summary>
public sealed record PossmWeights
{
    private const string Backbone = "backbone.net";
    private const string Projections = "readout.projections.";

    public required PossmConfig Config { get; init; }

    /// <summary>[vocabulary, dim]; row 0 is the word NA, which blank tokens use.</summary>
    public required float[] Units { get; init; }

    /// <summary>[sessions, dim]; row 0 is the word NA.</summary>
    public required float[] Sessions { get; init; }

    /// <summary>[4, dim]; tokens use row 0 only.</summary>
    public required float[] TokenTypes { get; init; }

    /// <summary>[tasks + 1, dim]; row 0 is padding.</summary>
    public required float[] Tasks { get; init; }

    /// <summary>[latents of a chunk, dim].</summary>
    public required float[] Latents { get; init; }

    /// <summary>[head width / 2], rad/s: encoder and processor, and the decoder of the early revision.</summary>
    public required float[] Omega { get; init; }

    /// <summary>[head width / 2], rad/s: the late revision's decoder; null marks the early revision.</summary>
    public float[]? DecoderOmega { get; init; }

    public required CrossAttentionWeights EncoderAttention { get; init; }

    public required IReadOnlyList<ProcessorLayerWeights> Layers { get; init; }

    /// <summary>After the processor layers, unlike POYO's.</summary>
    public required FeedForwardWeights EncoderFeedForward { get; init; }

    /// <summary>The GRU, bottom layer first.</summary>
    public required IReadOnlyList<GruLayerWeights> Rnn { get; init; }

    public required CrossAttentionWeights DecoderAttention { get; init; }

    public required FeedForwardWeights DecoderFeedForward { get; init; }

    /// <summary>By the task's name. Ids are not stored with the weights: they follow the order of the configuration's tasks, from 1.</summary>
    public required IReadOnlyDictionary<string, ReadoutWeights> Readouts { get; init; }

    /// <summary>Whether this is the later of the two published revisions: own decoder frequencies, strict masks.</summary>
    public bool IsLate => DecoderOmega is not null;

    public int UnitCount => Units.Length / Config.Dim;

    public int SessionCount => Sessions.Length / Config.Dim;

    /// <summary>Reads and checks every tensor.</summary>
    /// <exception cref="ModelFormatException">
    /// A tensor is missing, of another shape than the configuration says, or not finite; or the model is of a kind that is not supported.
    /// </exception>
    public static PossmWeights Read(WeightReader weights, PossmConfig config)
    {
        PossmConfigCheck.Check(config, weights.File);
        RefuseOthers(weights, config);
        var tasks = TaskNames(weights);
        var (dim, inner) = (config.Dim, config.RnnDim);
        return new PossmWeights
        {
            Config = config,
            Units = weights.Floats("unit_emb.weight", weights.Axis("unit_emb.weight", 0), dim),
            Sessions = weights.Floats("session_emb.weight", weights.Axis("session_emb.weight", 0), dim),
            TokenTypes = weights.Floats("token_type_emb.weight", 4, dim),
            Tasks = weights.Floats("task_emb.weight", tasks.Length + 1, dim),
            Latents = weights.Floats("latent_emb.weight", config.NumLatents, dim),
            Omega = weights.Floats("rotary_emb.omega", config.DimHead / 2),
            DecoderOmega = weights.Has("dec_rotary_emb.omega") ? weights.Floats("dec_rotary_emb.omega", config.DimHead / 2) : null,
            EncoderAttention = CrossAttentionWeights.Read(weights, "enc_atn", dim, dim, config.CrossHeads, config.DimHead),
            Layers = [.. Enumerable.Range(0, config.Depth).Select(layer => ProcessorLayerWeights.Read(weights, layer, dim, config.SelfHeads, config.DimHead))],
            EncoderFeedForward = FeedForwardWeights.Read(weights, "enc_ffn", dim),
            Rnn = [.. Enumerable.Range(0, config.NumRnnLayers).Select(layer => GruLayerWeights.Read(weights, Backbone, layer, layer == 0 ? config.NumLatents * dim : inner, inner))],
            DecoderAttention = CrossAttentionWeights.Read(weights, "dec_atn", dim, inner, config.CrossHeads, config.DimHead),
            DecoderFeedForward = FeedForwardWeights.Read(weights, "dec_ffn", dim),
            Readouts = tasks.ToDictionary(task => task, task => ReadoutWeights.Read(weights, Projections + task, dim), StringComparer.Ordinal),
        };
    }

    /// <summary>Tensors that say the model is another one than the configuration's, and that would otherwise be passed over.</summary>
    private static void RefuseOthers(WeightReader weights, PossmConfig config)
    {
        if (weights.Names("backbone.").FirstOrDefault(name => name.EndsWith("_reverse", StringComparison.Ordinal)) is { } reverse)
        {
            throw new ModelFormatException(weights.File, reverse, "belongs to a bidirectional GRU, which reads the future and cannot decode a stream.",
                "Train the model with a GRU of one direction.");
        }

        var first = $"{Backbone}.weight_ih_l0";
        if (!weights.Has(first) && weights.Names("backbone.").FirstOrDefault() is { } other)
        {
            throw new ModelFormatException(weights.File, first, $"is missing, and there is '{other}': the backbone is not a GRU.",
                "Only POSSM with the GRU backbone can be decoded.");
        }

        if (weights.Has($"{Backbone}.weight_ih_l{config.NumRnnLayers}"))
            throw More("num_rnn_layers", config.NumRnnLayers, $"{Backbone}.weight_ih_l{config.NumRnnLayers}");
        if (weights.Names($"proc_layers.{config.Depth}.").FirstOrDefault() is { } layer) throw More("depth", config.Depth, layer);

        ModelFormatException More(string key, int value, string tensor) =>
            new(weights.File, tensor, $"exists, but the configuration's {key} is {value}.", "Weights and configuration are not of one model: check the configuration.");
    }

    private static string[] TaskNames(WeightReader weights)
    {
        const string weight = ".weight";
        var names = weights.Names(Projections).Where(name => name.EndsWith(weight, StringComparison.Ordinal))
            .Select(name => name[Projections.Length..^weight.Length]).ToArray();
        if (names.Length > 0) return names;
        throw new ModelFormatException(weights.File, Projections + "TASK.weight", "is missing for every task.", "The file is not of this kind of model.");
    }
}
