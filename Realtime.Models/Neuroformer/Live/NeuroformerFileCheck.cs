using Realtime.Engine.Text;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>Checks that settings and config of a model file belong together and can be decoded live.</summary>
internal static class NeuroformerFileCheck
{
    private const string Again = "Import or train the model again, or mend the file's config.";

    // 1 GB in float32.
    private const long MostNumbers = 1L << 28;

    private const double LongestHold = 10;

    /// <exception cref="ModelFormatException">They do not, or cannot.</exception>
    public static void Check(ModelFile file, NeuroformerSettings settings)
    {
        var config = settings.HyperParameters;
        NeuroformerConfigCheck.Check(config, file.Name);
        Window(file, config);
        Units(file, settings);
        Outputs(file, settings);
        if (!(settings.LabelLag >= -1 && settings.LabelLag <= config.WindowCurr + config.WindowPrev))
            throw Wrong(file, "settings.label_lag", $"is {settings.LabelLag} s; from -1 to the window's {config.WindowCurr + config.WindowPrev} s are possible.");
        if (settings.FrameLookAhead < 0 || settings.FrameLookAhead > (config.Frames?.Count ?? int.MaxValue))
            throw Wrong(file, "settings.frame_look_ahead", $"is {settings.FrameLookAhead}; from 0 to the clip's {config.Frames?.Count} frames are possible.");
        if (settings.FrameHold is { } hold && !(hold > 0 && hold <= LongestHold))
            throw Wrong(file, "settings.frame_hold", $"is {hold} s; above 0 and up to {LongestHold} s are possible: older frames say nothing about now.");
        if (!(Math.Abs(settings.FrameScale) is > 0 and <= 1e6))
            throw Wrong(file, "settings.frame_scale", $"is {settings.FrameScale}; a factor of the pixels up to 1,000,000 is due, and 0 would hide them.");
        Memory(file, config);
    }

    private static void Window(ModelFile file, NeuroformerConfig config)
    {
        var due = config.CurrNs + config.PrevNs;
        if (file.Config.BinNs * file.Config.Lags != due)
            throw Wrong(file, "bin_ns", $"gives a window of {file.Config.BinNs * file.Config.Lags} ns; window_curr and window_prev make {due} ns.");
    }

    private static void Units(ModelFile file, NeuroformerSettings settings)
    {
        var (tokens, neurons) = (settings.UnitTokens, settings.HyperParameters.Neurons);
        if (tokens.Count != file.Config.Units.Count)
            throw Wrong(file, "settings.unit_tokens", $"has {tokens.Count} entries for {file.Config.Units.Count} units.");
        if (tokens.Where(token => token < 0 || token >= neurons).Select(token => (int?)token).FirstOrDefault() is { } outside)
            throw Wrong(file, "settings.unit_tokens", $"names token {outside}; the vocabulary has {neurons} neurons, 0 to {neurons - 1}.");
        if (tokens.Distinct().Count() != tokens.Count) throw Wrong(file, "settings.unit_tokens", "names a token twice.");
    }

    private static void Outputs(ModelFile file, NeuroformerSettings settings)
    {
        var groups = settings.HyperParameters.Groups;
        if (groups.FirstOrDefault(group => group.Name == settings.Group) is not { } chosen)
        {
            throw Wrong(file, "settings.group", groups.Count == 0
                ? $"is '{settings.Group}', but the model has no group of behaviour: it was trained on spikes alone. Fine-tune it on behaviour first."
                : $"is '{settings.Group}', which the model does not have{NearestName.Hint(settings.Group, groups.Select(group => group.Name))}.");
        }

        var due = chosen.Variables.Where(variable => variable.Predict).Sum(variable => Math.Max(1, variable.Classes));
        if (due == 0) throw Wrong(file, "settings.group", $"is '{settings.Group}', of which nothing is predicted.");
        if (file.Config.Outputs.Count != due)
            throw Wrong(file, "outputs", $"names {file.Config.Outputs.Count} outputs; the targets of '{settings.Group}' give {due} (one for a regression, one for each class).");
    }

    private static void Memory(ModelFile file, NeuroformerConfig config)
    {
        Fits("the tables of past keys and values", PastKeyValues.TableNumbers(config), "neurons, n_embd, history_layers and block_prev_id");
        Fits("the past's keys and values", 2L * config.HistoryLayers * config.NEmbd * config.BlockPrevId, "block_prev_id");
        Fits("the causal mask", (config.BlockId + 64L) * config.BlockId, "block_id");
        Fits("hidden rows", (long)NeuroformerBlockWeights.Expansion * config.BlockId * config.NEmbd, "block_id");
        if (!LiveNeuroformer.ReadsFrames(config)) return;
        var frames = config.Frames!;
        var tokens = (double)frames.TokensOf(0) * frames.TokensOf(1) * frames.TokensOf(2);
        Fits("frame tokens", (long)Math.Min(long.MaxValue / 2, (tokens + 1) * NeuroformerBlockWeights.Expansion * config.NEmbd), "frames");
        Fits("pixels under the kernel", (long)Math.Min(long.MaxValue / 2, tokens * frames.Kernel[0] * frames.Kernel[1] * frames.Kernel[2]), "frames");
        Fits("the last frames", FrameRing.Numbers(frames), "frames");

        void Fits(string what, long numbers, string key)
        {
            if (numbers > MostNumbers)
                throw Wrong(file, "settings.hyper_parameters", $"asks for {numbers} numbers ({numbers * sizeof(float) / 1e9:0.0} GB) for {what}; up to {MostNumbers} are possible. It follows from {key}.");
        }
    }

    private static ModelFormatException Wrong(ModelFile file, string key, string what) => new(file.Name, "config." + key, what, Again);
}
