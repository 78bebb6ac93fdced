using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Possm;

/// <summary>
/// POSSM models with random weights, initialised as upstream does, in the form of its later revision: strict masks and a rotary buffer of
/// the decoder's own. For measuring time, and for rehearsing a rig.
/// </summary>
public static class PossmRandom
{
    /// <summary>Value of a model file's kind.</summary>
    public const string Kind = PossmDecoder.Kind;

    /// <summary>The one readout task of such a model.</summary>
    public const string Task = "behaviour";

    // Periods of the decoder's rotary embedding, s: upstream's defaults.
    private const double DecoderTMin = 0.01;
    private const double DecoderTMax = 10;

    /// <summary>The bytes of a model file; the same arguments give the same bytes on every machine.</summary>
    /// <exception cref="ModelFormatException">A hyper-parameter is out of its range.</exception>
    public static byte[] Create(PossmConfig config, RandomModelOptions options)
    {
        PossmConfigCheck.Check(config, "the configuration");
        var settings = new PossmSettings
        {
            HyperParameters = config,
            UnitVocab = RandomModel.UnitVocab(options),
            SessionVocab = RandomModel.SessionVocab(options),
            Session = RandomModel.SessionWord(options),
            UnitRows = RandomModel.UnitRows(options),
            Tasks = [Task],
            Task = Task,
        };
        return RandomModel.Bytes(
            Kind, options, RandomModel.Nanoseconds(config.BinWidth), SettingsJson.Write(settings),
            Tensors(config, settings.UnitVocab.Count, settings.SessionVocab.Count, options.Outputs.Count, options.Seed));
    }

    /// <summary>The tensors under upstream's names, with one readout task, <see cref="Task"/>.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="units">Rows of the unit table, with NA.</param>
    /// <param name="sessions">Rows of the session table, with NA.</param>
    /// <param name="outputs">Decoded quantities.</param>
    /// <param name="seed">Seed.</param>
    public static IReadOnlyList<TensorData> Tensors(PossmConfig config, int units, int sessions, int outputs, ulong seed)
    {
        var random = new RandomTensors(seed);
        random.Embedding("unit_emb.weight", units, config.Dim, padding: true);
        random.Embedding("session_emb.weight", sessions, config.Dim, padding: true);
        random.Embedding("token_type_emb.weight", 4, config.Dim);
        random.Embedding("task_emb.weight", 2, config.Dim);
        random.Embedding("latent_emb.weight", config.NumLatents, config.Dim);
        random.Omega("rotary_emb.omega", config.DimHead, config.TMin, config.TMax);
        random.Omega("dec_rotary_emb.omega", config.DimHead, DecoderTMin, DecoderTMax);
        random.CrossAttention("enc_atn", config.Dim, config.Dim, config.CrossInner);
        for (var layer = 0; layer < config.Depth; layer++) random.ProcessorLayer(layer, config.Dim, config.SelfInner);
        random.FeedForward("enc_ffn", config.Dim);
        for (var layer = 0; layer < config.NumRnnLayers; layer++)
            random.Gru("backbone.net", layer, layer == 0 ? config.NumLatents * config.Dim : config.RnnDim, config.RnnDim);
        random.CrossAttention("dec_atn", config.Dim, config.RnnDim, config.CrossInner);
        random.FeedForward("dec_ffn", config.Dim);
        random.Linear($"readout.projections.{Task}", outputs, config.Dim);
        return random.Tensors;
    }
}
