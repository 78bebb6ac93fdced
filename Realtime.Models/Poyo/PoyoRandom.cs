using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Poyo;

/// <summary>POYO models with random weights, initialised as upstream does: for measuring time, and for rehearsing a rig.</summary>
public static class PoyoRandom
{
    /// <summary>Value of a model file's kind.</summary>
    public const string Kind = PoyoDecoder.Kind;

    /// <summary>The bytes of a model file; the same arguments give the same bytes on every machine.</summary>
    /// <exception cref="ModelFormatException">A hyper-parameter is out of its range.</exception>
    public static byte[] Create(PoyoConfig config, RandomModelOptions options)
    {
        PoyoConfigCheck.Check(config, "the configuration");
        var settings = new PoyoSettings
        {
            HyperParameters = config,
            UnitVocab = RandomModel.UnitVocab(options),
            SessionVocab = RandomModel.SessionVocab(options),
            Session = RandomModel.SessionWord(options),
            UnitRows = RandomModel.UnitRows(options),
        };
        return RandomModel.Bytes(
            Kind, options, RandomModel.Nanoseconds(config.SequenceLength), SettingsJson.Write(settings),
            Tensors(config, settings.UnitVocab.Count, settings.SessionVocab.Count, options.Outputs.Count, options.Seed));
    }

    /// <summary>The tensors under upstream's names.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="units">Rows of the unit table, with NA.</param>
    /// <param name="sessions">Rows of the session table, with NA.</param>
    /// <param name="outputs">Decoded quantities.</param>
    /// <param name="seed">Seed.</param>
    public static IReadOnlyList<TensorData> Tensors(PoyoConfig config, int units, int sessions, int outputs, ulong seed)
    {
        var random = new RandomTensors(seed);
        random.Embedding("unit_emb.weight", units, config.Dim, padding: true);
        random.Embedding("session_emb.weight", sessions, config.Dim, padding: true);
        random.Embedding("token_type_emb.weight", 4, config.Dim);
        random.Embedding("latent_emb.weight", config.NumLatentsPerStep, config.Dim);
        random.Omega("rotary_emb.omega", config.DimHead, config.TMin, config.TMax);
        random.CrossAttention("enc_atn", config.Dim, config.Dim, config.CrossInner);
        random.FeedForward("enc_ffn", config.Dim);
        for (var layer = 0; layer < config.Depth; layer++) random.ProcessorLayer(layer, config.Dim, config.SelfInner);
        random.CrossAttention("dec_atn", config.Dim, config.Dim, config.CrossInner);
        random.FeedForward("dec_ffn", config.Dim);
        random.Linear("readout", outputs, config.Dim);
        return random.Tensors;
    }
}
