using Realtime.Engine.Text;

namespace Realtime.Models.Mtm;

/// <summary>Checks that settings and config of a model file of MtM belong together, and that a stream can have what they ask for.</summary>
internal static class MtmFileCheck
{
    private const string Again = "Import or train the model again, or mend the file's config.";
    private const int MaxBins = 10_000;

    // 1 GB in float32: more does not answer within a bin anyway.
    private const long MaxTable = 1L << 28;

    /// <returns>The recording that the file's units are of.</returns>
    /// <exception cref="ModelFormatException">They do not.</exception>
    public static MtmSession Check(ModelFile file, MtmSettings settings)
    {
        var session = Session(file, settings);
        Bins(file, settings);
        Mode(file, settings);
        Prompt(file, settings);
        Readout(file, settings, session);
        Fits(file, "n_channels", (long)settings.HyperParameters.EmbedSize * session.Neurons);
        Fits(file, "n_layers", 2L * settings.HyperParameters.NLayers * settings.HyperParameters.HiddenSize * (settings.HyperParameters.MaxF + Math.Max(settings.ContextBackward, 0)));
        return session;
    }

    private static MtmSession Session(ModelFile file, MtmSettings settings)
    {
        var (config, words) = (settings.HyperParameters, settings.Sessions.Select(session => session.Word).ToArray());
        if (words.Distinct(StringComparer.Ordinal).Count() != words.Length) throw Wrong(file, "settings.sessions", "names a recording twice.");
        if (settings.Sessions.FirstOrDefault(session => session.Word == settings.Session) is not { } session)
        {
            throw Wrong(file, "settings.session",
                $"is '{settings.Session}', which the model has no stitcher for{NearestName.Hint(settings.Session, words)}. It knows {string.Join(", ", words)}.",
                "Name one of these, or fine-tune the model to the new recording: a stitcher belongs to one recording's neurons.");
        }

        if (config.Stitching && settings.Sessions.GroupBy(one => one.Stitcher, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } shared)
        {
            var pair = shared.Select(one => one.Word).Take(2).ToArray();
            throw Wrong(file, "settings.sessions", $"gives '{pair[0]}' and '{pair[1]}' the same stitcher '{shared.Key}'. The original keys stitchers by the number of neurons, so that recordings of equal size overwrite each other.",
                "Import the model for one of the two, or train with stitchers of their own.");
        }

        foreach (var one in settings.Sessions)
        {
            if (one.Neurons < 1) throw Wrong(file, "settings.sessions", $"gives '{one.Word}' {one.Neurons} neurons.");
            if (config.UseSession && (one.Row < 0 || one.Row >= config.NSessions)) throw Wrong(file, "settings.sessions", $"gives '{one.Word}' row {one.Row}; the session table has rows 0 to {config.NSessions - 1}.");
            if (one.Regions.Count != 0 && one.Regions.Count != one.Neurons) throw Wrong(file, "settings.sessions", $"gives '{one.Word}' regions of {one.Regions.Count} neurons; it has {one.Neurons}.");
        }

        if (session.HiddenCounts.Count != 0 && session.HiddenCounts.Count != session.Neurons)
            throw Wrong(file, "settings.sessions", $"gives '{session.Word}' hidden_counts of {session.HiddenCounts.Count} neurons; it has {session.Neurons}.");
        if (!session.HiddenCounts.All(count => count >= 0 && float.IsFinite(count)))
            throw Wrong(file, "settings.sessions", $"gives '{session.Word}' a hidden count that is no number from 0 up.");
        if (file.Config.Units.Count != session.Neurons)
            throw Wrong(file, "units", $"names {file.Config.Units.Count} units; the stitcher of '{session.Word}' has {session.Neurons} neurons.");
        if (!config.Stitching && session.Neurons != config.NChannels)
            throw Wrong(file, "settings.sessions", $"gives '{session.Word}' {session.Neurons} neurons; a model without stitchers has n_channels, {config.NChannels}.");
        return session;
    }

    private static void Bins(ModelFile file, MtmSettings settings)
    {
        var (config, rows) = (file.Config, settings.HyperParameters.MaxF);
        if (config.BinNs < 1) throw Wrong(file, "bin_ns", $"is {config.BinNs}; a bin has a length.");
        if (config.Lags != 1) throw Wrong(file, "lags", $"is {config.Lags}; 1 is due, as one bin is read at a time.");
        Range("head_bins", settings.HeadBins, 1, Math.Min(MaxBins, settings.Mode == MtmLiveMode.Rotary ? MaxBins : rows));
        Range("forward_bins", settings.ForwardBins, 0, Math.Min(MaxBins, rows - 1));
        Range("trial_bins", settings.TrialBins, 0, rows);
        Range("context_backward", settings.ContextBackward, -1, MaxBins);
        if (settings.TrialBins > 0 && settings.Mode != MtmLiveMode.Trial) throw Wrong(file, "settings.trial_bins", $"is {settings.TrialBins}, but only mode trial has stretches that begin anew.");

        void Range(string key, int value, int low, int high)
        {
            if (value < low || value > high) throw Wrong(file, "settings." + key, $"is {value}; from {low} to {high} are possible.");
        }
    }

    private static void Mode(ModelFile file, MtmSettings settings)
    {
        var config = settings.HyperParameters;
        if (!Enum.IsDefined(settings.Mode)) throw Wrong(file, "settings.mode", $"is {settings.Mode}; trial, sliding or rotary is due.");
        if (settings.Mode == MtmLiveMode.Sliding) return;
        const string sliding = "Use mode sliding, which computes all bins anew, or a model trained with the strict causal mask.";
        if (settings.PrefixSeesBins && config.Prefix > 0)
            throw Wrong(file, "settings.prefix_sees_bins", "is true: then every bin's answer changes with later bins, and a stream cannot keep keys and values.", sliding);
        if (config.UsePrompt && settings.Prompt != MtmPrompt.Causal)
            throw Wrong(file, "settings.prompt", $"is {settings.Prompt}, under which bins see later bins; a stream that keeps keys and values has the causal prompt.", sliding);
        if (settings.Mode != MtmLiveMode.Rotary) return;
        if (!config.UseRope || config.Pos)
            throw Wrong(file, "settings.mode", "is rotary, but the model has learned positions, which end.", "Use mode trial or sliding, or a model with use_rope and without pos.");
        if (settings.ContextBackward < 1)
            throw Wrong(file, "settings.context_backward", $"is {settings.ContextBackward}; rotary mode needs the number of earlier bins that the model was trained to see.");
    }

    private static void Prompt(ModelFile file, MtmSettings settings)
    {
        if (!settings.HyperParameters.UsePrompt) return;
        if (!Enum.IsDefined(settings.Prompt)) throw Wrong(file, "settings.prompt", $"is {(int)settings.Prompt}; the prompt table has 4 rows.");
        if (!settings.TrainedPrompts.Contains(settings.Prompt))
        {
            throw Wrong(file, "settings.prompt", $"is {settings.Prompt}, with which the model was not trained: its row of the prompt table is as it was drawn.",
                $"Use one of those it was trained with: {string.Join(", ", settings.TrainedPrompts)}.");
        }
    }

    private static void Readout(ModelFile file, MtmSettings settings, MtmSession session)
    {
        if (!MtmReadouts.All.Contains(settings.Readout))
            throw Wrong(file, "settings.readout", $"is '{settings.Readout}'{NearestName.Hint(settings.Readout, MtmReadouts.All)}; one of {string.Join(", ", MtmReadouts.All)} is due.");
        var needsRegions = settings.Readout == MtmReadouts.Regions || settings.HiddenRegion.Length > 0;
        if (needsRegions && session.Regions.Count == 0)
        {
            throw Wrong(file, "settings.sessions", $"tells no regions for '{session.Word}', which {(settings.HiddenRegion.Length > 0 ? "hidden_region needs" : "the read-out 'regions' needs")}.",
                "Give each neuron's region, or use another read-out.");
        }

        if (settings.HiddenRegion.Length > 0 && !session.Regions.Contains(settings.HiddenRegion))
            throw Wrong(file, "settings.hidden_region", $"is '{settings.HiddenRegion}', which no neuron of '{session.Word}' is in{NearestName.Hint(settings.HiddenRegion, session.Regions)}.");
        string[] units = [.. file.Config.Units.Select(unit => unit.ToString())];
        if (settings.HiddenUnits.FirstOrDefault(unit => !units.Contains(unit, StringComparer.Ordinal)) is { } unknown)
            throw Wrong(file, "settings.hidden_units", $"names '{unknown}', which is not one of the file's units{NearestName.Hint(unknown, units)}.");
        var (outputs, bins) = (file.Config.Outputs.Count, 1 + settings.ForwardBins);
        if (settings.Readout == MtmReadouts.Behaviour)
        {
            if (outputs % bins != 0) throw Wrong(file, "outputs", $"names {outputs} outputs; as many for each of {bins} bins (forward_bins {settings.ForwardBins} and the newest) are due.");
            return;
        }

        var due = MtmReadouts.Outputs(settings, []).Count;
        if (outputs != due) throw Wrong(file, "outputs", $"names {outputs} outputs; the read-out '{settings.Readout}' with forward_bins {settings.ForwardBins} has {due}.");
    }

    private static void Fits(ModelFile file, string key, long numbers)
    {
        if (numbers > MaxTable) throw Wrong(file, "settings.hyper_parameters." + key, $"asks for a table of {numbers} numbers; up to {MaxTable} are possible.");
    }

    private static ModelFormatException Wrong(ModelFile file, string key, string what, string next = Again) => new(file.Name, "config." + key, what, next);
}
