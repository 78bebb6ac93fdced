using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Mtm;

/// <summary>The tensors of an MtM model for one recording, under upstream's names.</summary>
public sealed record MtmWeights
{
    public required MtmConfig Config { get; init; }

    /// <summary>Neurons to NChannels; null where the model is not stitched.</summary>
    public required LinearWeights? Stitcher { get; init; }

    public required LinearWeights EmbedSpikes { get; init; }

    public required LinearWeights Projection { get; init; }

    /// <summary>[MaxF, HiddenSize]; empty without learned positions.</summary>
    public required float[] Positions { get; init; }

    /// <summary>[4, HiddenSize] in the order of <see cref="MtmPrompt"/>; empty without.</summary>
    public required float[] Prompts { get; init; }

    /// <summary>[NSessions, HiddenSize]; empty without.</summary>
    public required float[] Sessions { get; init; }

    public required IReadOnlyList<MtmLayerWeights> Layers { get; init; }

    public required LayerNormWeights OutNorm { get; init; }

    /// <summary>HiddenSize to log-rates, spikes per bin, of the recording's neurons.</summary>
    public required LinearWeights Head { get; init; }

    public int Neurons => Head.Outputs;

    /// <summary>Name of a recording's stitcher.</summary>
    public static string StitcherName(string key) => $"encoder.stitcher.stitcher_dict.{key}";

    /// <summary>Name of a recording's head.</summary>
    public static string HeadName(string key) => $"stitch_decoder.stitch_decoder_dict.{key}";

    /// <param name="weights">The file.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="key">The recording's stitcher key: upstream's is the number of neurons in decimal; files of this program have one per session.</param>
    /// <param name="neurons">The recording's neurons; NChannels where the model is not stitched.</param>
    /// <exception cref="ModelFormatException">A tensor is missing or of another shape.</exception>
    public static MtmWeights Read(WeightReader weights, MtmConfig config, string key, int neurons) => new()
    {
        Config = config,
        Stitcher = config.Stitching ? LinearWeights.Read(weights, StitcherName(key), config.NChannels, neurons) : null,
        EmbedSpikes = LinearWeights.Read(weights, "encoder.embedder.embed_spikes", config.EmbedSize, config.NChannels),
        Projection = LinearWeights.Read(weights, "encoder.embedder.projection", config.HiddenSize, config.EmbedSize),
        Positions = config.Pos ? weights.Floats("encoder.embedder.embed_pos.weight", config.MaxF, config.HiddenSize) : [],
        Prompts = config.UsePrompt ? weights.Floats("encoder.embedder.embed_prompt.weight", 4, config.HiddenSize) : [],
        Sessions = config.UseSession ? weights.Floats("encoder.embedder.embed_session.weight", config.NSessions, config.HiddenSize) : [],
        Layers = [.. Enumerable.Range(0, config.NLayers).Select(layer => MtmLayerWeights.Read(weights, layer, config))],
        OutNorm = LayerNormWeights.Read(weights, "encoder.out_norm", config.HiddenSize),
        Head = config.Stitching
            ? LinearWeights.Read(weights, HeadName(key), neurons, config.HiddenSize)
            : LinearWeights.Read(weights, "decoder.0", config.NChannels, config.HiddenSize),
    };
}
