using System.Globalization;
using Realtime.Engine.Sessions;
using Realtime.Engine.Text;
using Realtime.Models.Mtm;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Checkpoints;

/// <summary>The part of an import that only MtM has: stitchers, which the original keys by the number of neurons, get their recordings' ids.</summary>
internal static class MtmImport
{
    /// <summary>A tensor that every MtM model has, and no other.</summary>
    public const string Anchor = "encoder.embedder.embed_spikes.weight";

    private const string Stitchers = "encoder.stitcher.stitcher_dict.";
    private const string Heads = "stitch_decoder.stitch_decoder_dict.";
    private const double BinSeconds = 0.02;

    public static ImportedModel Run(ImportContext context)
    {
        var (state, options) = (context.State, context.Options);
        context.RefuseUnknown("MtM on the NDT1-stitch backbone", TensorNames.IsMtm);
        var config = Config(context);
        var recordings = Recordings(context, config);
        var mine = Mine(context, recordings);
        var units = Units(context, mine);
        var regions = options.Units is { } given && given.Any(unit => unit.Word.Length > 0) ? given.Select(unit => unit.Word).ToArray() : [];
        var mode = Mode(context, config);
        var settings = new MtmSettings
        {
            HyperParameters = config,
            Sessions = [.. recordings.Select(one => new MtmSession
            {
                Word = one.Session,
                Row = one.Row,
                Stitcher = one.Session,
                Neurons = one.Neurons,
                Regions = one.Session == mine.Session ? regions : [],
            })],
            Session = mine.Session,
            Mode = mode,
            PrefixSeesBins = mode == MtmLiveMode.Sliding,
            ContextBackward = (int)(context.Hyper.Number("context_backward") ?? -1),
            Readout = Readout(context),
        };
        var outputs = MtmReadouts.Outputs(settings, []);
        if (outputs.Count == 0) throw state.Wrong("", "is to be read out by regions, but no region is known.", "Give each neuron's region as its word with --units (docs/import.md).");
        var model = new ModelConfig
        {
            Kind = MtmKind.Name,
            Units = units,
            Outputs = outputs,
            BinNs = (long)Math.Round((context.Hyper.Number("bin_size") ?? BinSeconds) * 1e9),
            Lags = 1,
            TargetNs = options.TargetNs,
            Training = context.Training(mine.Session, outputs.Count),
            Settings = SettingsJson.Write(settings),
        };
        return context.Finish(model, Tensors(context, config, recordings));
    }

    private static MtmConfig Config(ImportContext context)
    {
        var (state, hyper) = (context.State, context.Hyper);
        var channels = state.Axis(Anchor, 1);
        var hasPositions = state.Has("encoder.embedder.embed_pos.weight");
        var useSession = state.Has("encoder.embedder.embed_session.weight");
        var width = state.Axis("encoder.embedder.projection.weight", 0);
        if (state.Axis(Anchor, 0) % channels != 0)
            throw state.Wrong(state.Prefix + Anchor, $"has {state.Axis(Anchor, 0)} rows and {channels} columns; rows are a multiple of columns in MtM.", "Check which model the checkpoint is of.");
        var config = new MtmConfig
        {
            Stitching = state.Names.Any(name => name.StartsWith(Stitchers, StringComparison.Ordinal)),
            NChannels = context.Told("n_channels", channels),
            Mult = context.Told("mult", state.Axis(Anchor, 0) / channels),
            HiddenSize = context.Told("hidden_size", width),
            NLayers = context.Told("n_layers", context.Count("encoder.layers.")),
            InterSize = context.Told("inter_size", state.Axis("encoder.layers.0.mlp.up_proj.weight", 0)),
            NHeads = (int)hyper.Needed("n_heads"),
            Pos = hasPositions,
            MaxF = hasPositions ? context.Told("max_f", state.Axis("encoder.embedder.embed_pos.weight", 0)) : (int)(hyper.Number("max_f") ?? MtmConfig.Published.MaxF),
            UsePrompt = state.Has("encoder.embedder.embed_prompt.weight"),
            UseSession = useSession,
            NSessions = useSession ? state.Axis("encoder.embedder.embed_session.weight", 0) : 1,
            UseRope = hyper.IsTrue("use_rope"),
            RopeTheta = hyper.Number("rope_theta") ?? MtmConfig.Published.RopeTheta,
            EmbedScale = hyper.Number("embed_scale") ?? 1,
        };
        MtmConfigCheck.Check(config, hyper.Source);
        if (!hasPositions && !config.UseRope) throw hyper.Wrong("use_rope", "is not true, but the checkpoint has no learned positions either.");
        return config;
    }

    /// <summary>The recordings that are taken over, each with a stitcher of the checkpoint.</summary>
    private static SessionMapEntry[] Recordings(ImportContext context, MtmConfig config)
    {
        var (state, options) = (context.State, context.Options);
        var sizes = state.Names.Where(name => name.StartsWith(Stitchers, StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal))
            .Select(name => name[Stitchers.Length..^".weight".Length]).ToArray();
        var map = options.SessionMap?.ToArray() ?? Alone(context, config, sizes);
        if (map.GroupBy(one => one.Session, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw state.Wrong("", $"is mapped to the recording '{twice.Key}' twice.", "Mend the file given with --session-map.");
        if (map.GroupBy(one => one.Neurons).FirstOrDefault(group => group.Count() > 1) is { } equal)
        {
            throw state.Wrong(state.Prefix + Stitchers + equal.Key,
                $"would be the stitcher of {string.Join(" and ", equal.Select(one => $"'{one.Session}'").Take(2))}, which both have {equal.Key} neurons: the original keys stitchers by that number, so that one recording's training went over the other's.",
                "Leave one of them out of --session-map: weights that both trained fit neither for sure. Check the one you keep by its co-smoothing score.");
        }

        foreach (var one in map)
        {
            if (config.Stitching && !sizes.Contains(one.Neurons.ToString(CultureInfo.InvariantCulture)))
            {
                throw state.Wrong(state.Prefix + Stitchers + one.Neurons, $"is missing: the checkpoint has no stitcher for the {one.Neurons} neurons of '{one.Session}'. It has them for {string.Join(", ", sizes)} neurons.",
                    "Mend --session-map, or fine-tune the model to this recording.");
            }

            if (one.Row >= config.NSessions && config.UseSession)
                throw state.Wrong(state.Prefix + "encoder.embedder.embed_session.weight", $"has {config.NSessions} rows; '{one.Session}' is given row {one.Row}.", "Mend --session-map.");
        }

        return map;
    }

    /// <summary>The recording of a checkpoint that can have one only.</summary>
    private static SessionMapEntry[] Alone(ImportContext context, MtmConfig config, string[] sizes)
    {
        var state = context.State;
        const string next = "Say with --session-map which recordings they are: one line each, session,neurons,row (docs/import.md).";
        if (sizes.Length > 1) throw state.Wrong(state.Prefix + Stitchers, $"names stitchers by numbers of neurons ({string.Join(", ", sizes)}), which do not tell recordings.", next);
        if (config.UseSession && config.NSessions > 1)
            throw state.Wrong(state.Prefix + "encoder.embedder.embed_session.weight", $"has {config.NSessions} rows, and the checkpoint does not tell which is whose.", next);
        var word = context.Options.Session ?? throw state.Wrong("", "does not tell the recording's id.", "Give it with --session.");
        if (sizes.Length == 0) return [new(word, config.NChannels, 0)];
        return int.TryParse(sizes[0], NumberStyles.None, CultureInfo.InvariantCulture, out var neurons)
            ? [new(word, neurons, 0)]
            : throw state.Wrong(state.Prefix + Stitchers + sizes[0], "is not keyed by a number of neurons, as the original's are.", next);
    }

    private static SessionMapEntry Mine(ImportContext context, SessionMapEntry[] recordings)
    {
        var words = recordings.Select(one => one.Session).ToArray();
        if (context.Options.Session is not { } asked)
            return recordings.Length == 1 ? recordings[0] : throw context.State.Wrong("", $"is of several recordings: {string.Join(", ", words)}.", "Say with --session which one's units will be decoded.");
        var at = Array.IndexOf(words, asked);
        return at >= 0 ? recordings[at] : throw context.State.Wrong("", $"is not mapped to a recording '{asked}'{NearestName.Hint(asked, words)}.", "Name one of --session-map with --session.");
    }

    private static UnitId[] Units(ImportContext context, SessionMapEntry mine)
    {
        if (context.Options.Units is not { } given)
            return [.. Enumerable.Range(0, mine.Neurons).Select(neuron => new UnitId(mine.Session, neuron.ToString(CultureInfo.InvariantCulture), 1))];
        if (given.Count != mine.Neurons)
            throw context.State.Wrong("", $"has a stitcher for {mine.Neurons} neurons of '{mine.Session}', but --units names {given.Count}.", "Name each neuron once, in the order of the stitcher's columns.");
        if (given.GroupBy(unit => unit.Unit).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw context.State.Wrong("", $"is given the unit {twice.Key} twice.", "Mend the file given with --units.");
        return [.. given.Select(unit => unit.Unit)];
    }

    private static string Readout(ImportContext context)
    {
        string[] known = [MtmReadouts.Rates, MtmReadouts.Regions];
        var asked = context.Options.Task ?? MtmReadouts.Rates;
        if (known.Contains(asked)) return asked;
        throw context.State.Wrong("", $"cannot be read out as '{asked}'{NearestName.Hint(asked, known)}.",
            $"Give --task {string.Join(" or ", known)}; a behaviour head is no part of such a checkpoint, and is fitted by 'train'.");
    }

    private static MtmLiveMode Mode(ImportContext context, MtmConfig config)
    {
        var mode = context.Options.LiveMode ?? MtmLiveMode.Sliding;
        if (mode != MtmLiveMode.Sliding && config.Prefix > 0)
        {
            context.Notes.Add("The original trains with prefix tokens that see all bins, and bins see their own future through them. The live mode asked for hides bins from the prefix: " +
                "answers differ from the original's until the model is fine-tuned so (docs/mtm.md).");
        }

        return mode;
    }

    /// <summary>The tensors that are used; stitchers and heads under their recordings' ids.</summary>
    private static List<TensorData> Tensors(ImportContext context, MtmConfig config, SessionMapEntry[] recordings)
    {
        var wordOf = recordings.ToDictionary(one => one.Neurons.ToString(CultureInfo.InvariantCulture), one => one.Session, StringComparer.Ordinal);
        var (tensors, left) = (new List<TensorData>(), new List<string>());
        foreach (var tensor in context.Tensors())
        {
            if (Renamed(tensor.Name) is { } name) tensors.Add(new TensorData(name, tensor.Type, tensor.Shape, tensor.Bytes));
            else left.Add(tensor.Name);
        }

        if (left.Count > 0) context.Notes.Add($"{left.Count} tensors are not used by the recordings taken over, and were left out: {string.Join(", ", left.Take(4).Select(PickleInput.Shown))}{(left.Count > 4 ? ", ..." : "")}.");
        return tensors;

        string? Renamed(string name)
        {
            if (!config.Stitching) return name;
            foreach (var dictionary in (string[])[Stitchers, Heads])
            {
                if (!name.StartsWith(dictionary, StringComparison.Ordinal)) continue;
                var (key, part) = (name[dictionary.Length..name.LastIndexOf('.')], name[name.LastIndexOf('.')..]);
                return wordOf.TryGetValue(key, out var word) ? dictionary + word + part : null;
            }

            return name.StartsWith("decoder.", StringComparison.Ordinal) ? null : name;
        }
    }
}
