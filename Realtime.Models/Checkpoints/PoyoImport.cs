using Realtime.Models.Poyo;
using Realtime.Models.Transformer;

namespace Realtime.Models.Checkpoints;

/// <summary>The part of an import that only POYO has.</summary>
internal static class PoyoImport
{
    public static ImportedModel Run(ImportContext context)
    {
        var state = context.State;
        context.RefuseUnknown("POYO", TensorNames.IsPoyo);
        var config = Config(context);
        var outputs = context.Told("dim_out", state.Axis("readout.weight", 0));
        var unitWords = state.Words("unit_emb");
        var sessionWords = state.Words("session_emb");
        var session = context.Session(sessionWords);
        var (units, rows) = context.Units(unitWords, session, sessionWords.Length - 1);
        var settings = new PoyoSettings
        {
            HyperParameters = config,
            UnitVocab = unitWords,
            SessionVocab = sessionWords,
            Session = session,
            UnitRows = rows,
            QueryLag = context.QueryLag(config.SequenceLength, inclusive: true),
            OutputSd = context.PerOutput("--output-sd", context.Options.OutputSd, outputs),
            OutputMean = context.PerOutput("--output-mean", context.Options.OutputMean, outputs),
        };
        var model = new ModelConfig
        {
            Kind = PoyoRandom.Kind,
            Units = Array.ConvertAll(units, unit => unit.Unit),
            Outputs = context.Outputs(outputs),
            BinNs = (long)Math.Round(config.SequenceLength * 1e9),
            Lags = 1,
            TargetNs = context.Options.TargetNs,
            Training = context.Training(session, outputs),
            Settings = SettingsJson.Write(settings),
        };
        return context.Finish(model, context.Tensors());
    }

    private static PoyoConfig Config(ImportContext context)
    {
        var hyper = context.Hyper;
        var config = new PoyoConfig
        {
            SequenceLength = hyper.Needed("sequence_length"),
            LatentStep = hyper.Needed("latent_step"),
            NumLatentsPerStep = context.Told("num_latents_per_step", context.State.Axis("latent_emb.weight", 0)),
            Dim = context.Dim,
            Depth = context.Depth,
            DimHead = context.DimHead,
            CrossHeads = context.CrossHeads,
            SelfHeads = context.SelfHeads(new PoyoConfig().SelfHeads),
            TMin = hyper.Number("t_min") ?? new PoyoConfig().TMin,
            TMax = hyper.Number("t_max") ?? new PoyoConfig().TMax,
        };
        PoyoConfigCheck.Check(config, hyper.Source);
        return config;
    }
}
