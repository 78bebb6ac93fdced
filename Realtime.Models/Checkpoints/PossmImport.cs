using System.Globalization;
using Realtime.Engine.Text;
using Realtime.Models.Possm;
using Realtime.Models.Transformer;

namespace Realtime.Models.Checkpoints;

/// <summary>The part of an import that only POSSM has.</summary>
internal static class PossmImport
{
    private const string Projections = "readout.projections.";
    private const string Recurrent = "backbone.net.weight_hh_l";

    public static ImportedModel Run(ImportContext context)
    {
        var state = context.State;
        context.RefuseUnknown("POSSM", TensorNames.IsPossm);
        var config = Config(context);
        var tasks = state.Names.Where(name => name.StartsWith(Projections, StringComparison.Ordinal))
            .Select(name => name.Split('.')[2]).Distinct(StringComparer.Ordinal).ToArray();
        var task = Task(context, tasks);
        var outputs = state.Axis($"{Projections}{task}.weight", 0);
        var unitWords = state.Words("unit_emb");
        var sessionWords = state.Words("session_emb");
        var session = context.Session(sessionWords);
        var (units, rows) = context.Units(unitWords, session, sessionWords.Length - 1);
        var settings = new PossmSettings
        {
            HyperParameters = config,
            UnitVocab = unitWords,
            SessionVocab = sessionWords,
            Session = session,
            UnitRows = rows,
            Tasks = tasks,
            Task = task,
            VisibleTokens = VisibleTokens(context),
            QueryLag = context.QueryLag(config.BinWidth, inclusive: false),
            OutputSd = context.PerOutput("--output-sd", context.Options.OutputSd, outputs),
            OutputMean = context.PerOutput("--output-mean", context.Options.OutputMean, outputs),
        };
        var model = new ModelConfig
        {
            Kind = PossmRandom.Kind,
            Units = Array.ConvertAll(units, unit => unit.Unit),
            Outputs = context.Outputs(outputs),
            BinNs = (long)Math.Round(config.BinWidth * 1e9),
            Lags = 1,
            TargetNs = context.Options.TargetNs,
            Training = context.Training(session, outputs),
            Settings = SettingsJson.Write(settings),
        };
        return context.Finish(model, context.Tensors());
    }

    private static PossmConfig Config(ImportContext context)
    {
        var (hyper, state) = (context.Hyper, context.State);
        if (hyper.IsTrue("bidirectional")) throw hyper.Wrong("bidirectional", "is true: such a model reads the future and cannot decode a stream.");
        var config = new PossmConfig
        {
            SequenceLength = hyper.Needed("sequence_length"),
            BinWidth = hyper.Needed("bin_width"),
            BinStep = hyper.Number("bin_step") ?? hyper.Needed("bin_width"),
            NumLatents = context.Told("num_latents", state.Axis("latent_emb.weight", 0)),
            Dim = context.Dim,
            Depth = context.Depth,
            DimHead = context.DimHead,
            CrossHeads = context.CrossHeads,
            SelfHeads = context.SelfHeads(new PossmConfig().SelfHeads),
            RnnDim = context.Told("rnn_dim", state.Axis(Recurrent + "0", 1)),
            NumRnnLayers = context.Told("num_rnn_layers", context.Count(Recurrent)),
            OutputCaCtxLim = (int)Math.Clamp(hyper.Needed("output_ca_ctx_lim"), int.MinValue, int.MaxValue),
            TMin = hyper.Number("t_min") ?? new PossmConfig().TMin,
            TMax = hyper.Number("t_max") ?? new PossmConfig().TMax,
        };
        PossmConfigCheck.Check(config, hyper.Source);
        return config;
    }

    private static string Task(ImportContext context, string[] tasks)
    {
        var state = context.State;
        if (context.Options.Task is { } asked)
        {
            if (tasks.Contains(asked)) return asked;
            throw state.Wrong(state.Prefix + "readout.projections", $"has no task '{asked}'{NearestName.Hint(asked, tasks)}; it has {string.Join(", ", tasks.Select(PickleInput.Shown))}.", "Give one of these with --task.");
        }

        return tasks.Length == 1
            ? tasks[0]
            : throw state.Wrong(state.Prefix + "readout.projections", $"has {tasks.Length} tasks: {string.Join(", ", tasks.Select(PickleInput.Shown))}.", "Say with --task which one was trained and shall be decoded.");
    }

    /// <summary>Weights of the early revision were trained with chunks filled up by visible blanks; how many, the file does not say.</summary>
    private static int VisibleTokens(ImportContext context)
    {
        if (context.Options.VisibleTokens is not { } given)
        {
            if (context.State.Has("dec_rotary_emb.omega")) return 0;
            context.Notes.Add(
                "WARNING: weights of the early revision (there is no dec_rotary_emb.omega) were trained with chunks filled up with visible blanks; this model decodes without them, which moves its answers. "
                + "Unless your own code trained it with the strict mask, import it again with --visible-tokens: the spikes in the fullest chunk of a typical training window.");
            return 0;
        }

        context.Notes.Add(given == 0
            ? "Decoded with the strict mask: right only if it was trained with that mask."
            : string.Create(CultureInfo.InvariantCulture, $"Every chunk is filled up to {given} tokens with visible blanks, as in training by the early revision; upstream's number varies from window to window."));
        return given;
    }
}
