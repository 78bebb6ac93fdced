using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Mtm;

/// <summary>Model files of MtM with random weights: for measuring time, and for tests.</summary>
public static class MtmRandom
{
    /// <summary>A small shape, of no use but for trying things out.</summary>
    public static MtmConfig Tiny { get; } = new()
    {
        NChannels = 48,
        MaxF = 50,
        NSessions = 4,
        NLayers = 2,
        HiddenSize = 64,
        NHeads = 4,
        InterSize = 128,
    };

    private const long BinNs = 20_000_000;

    /// <summary>The bytes of a model file; the same arguments give the same bytes on every machine.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="options">Units, outputs, seed.</param>
    /// <param name="change">Changes the settings: else stretches of as many bins as there are positions follow each other, read out by a behaviour head.</param>
    /// <exception cref="ModelFormatException">A hyper-parameter is out of its range.</exception>
    public static byte[] Create(MtmConfig config, RandomModelOptions options, Func<MtmSettings, MtmSettings>? change = null)
    {
        if (!config.Stitching) config = config with { NChannels = options.Units.Count };
        MtmConfigCheck.Check(config, "the configuration");
        var settings = new MtmSettings
        {
            HyperParameters = config,
            Sessions = [new MtmSession { Word = options.Session, Row = 0, Stitcher = options.Session, Neurons = options.Units.Count }],
            Session = options.Session,
            TrialBins = config.MaxF,
        };
        settings = change?.Invoke(settings) ?? settings;
        var outputs = MtmReadouts.Outputs(settings, options.Outputs);
        return RandomModel.Bytes(MtmKind.Name, options with { Outputs = outputs, TargetMean = options.TargetMean.Count == outputs.Count ? options.TargetMean : [] }, BinNs,
            SettingsJson.Write(settings), Tensors(settings, options.Outputs.Count, options.Seed));
    }

    /// <summary>The tensors under upstream's names, with stitchers and heads for all sessions.</summary>
    /// <param name="settings">Sizes, sessions, read-out.</param>
    /// <param name="behaviour">Quantities of the behaviour head.</param>
    /// <param name="seed">Seed.</param>
    public static IReadOnlyList<TensorData> Tensors(MtmSettings settings, int behaviour, ulong seed)
    {
        var (config, random) = (settings.HyperParameters, new RandomTensors(seed));
        var width = config.HiddenSize;
        random.Linear("encoder.embedder.embed_spikes", config.EmbedSize, config.NChannels);
        random.Linear("encoder.embedder.projection", width, config.EmbedSize);
        if (config.Pos) random.Embedding("encoder.embedder.embed_pos.weight", config.MaxF, width);
        if (config.UsePrompt) random.Embedding("encoder.embedder.embed_prompt.weight", 4, width);
        if (config.UseSession) random.Embedding("encoder.embedder.embed_session.weight", config.NSessions, width);
        for (var layer = 0; layer < config.NLayers; layer++)
        {
            var prefix = $"encoder.layers.{layer}";
            random.LayerNorm($"{prefix}.ln1", width);
            foreach (var map in (string[])["query", "key", "value", "out_proj"]) random.Linear($"{prefix}.attn.{map}", width, width);
            random.LayerNorm($"{prefix}.ln2", width);
            random.Linear($"{prefix}.mlp.up_proj", config.InterSize, width);
            random.Linear($"{prefix}.mlp.down_proj", width, config.InterSize);
        }

        random.LayerNorm("encoder.out_norm", width);
        if (!config.Stitching) random.Linear("decoder.0", config.NChannels, width);
        foreach (var session in settings.Sessions.Where(_ => config.Stitching))
        {
            random.Linear(MtmWeights.StitcherName(session.Stitcher), config.NChannels, session.Neurons);
            random.Linear(MtmWeights.HeadName(session.Stitcher), session.Neurons, width);
        }

        if (settings.Readout == MtmReadouts.Behaviour) random.Linear(MtmModel.HeadPrefix, behaviour, settings.HeadBins * width);
        return random.Tensors;
    }
}
