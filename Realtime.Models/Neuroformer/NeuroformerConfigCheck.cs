namespace Realtime.Models.Neuroformer;

/// <summary>Refuses configurations that contradict themselves.</summary>
public static class NeuroformerConfigCheck
{
    private const string Next = "Mend the configuration, or export it and the weights of one model.";

    private static readonly string[] Features = ["id", "eos", "frames"];

    /// <exception cref="ModelFormatException">A value is out of its range or contradicts another.</exception>
    public static void Check(NeuroformerConfig config, string file)
    {
        if (Problem(config) is { } problem) throw new ModelFormatException(file, $"hyper_parameters.{problem.Key}", problem.What, Next);
    }

    /// <exception cref="ArgumentException">A value is out of its range or contradicts another.</exception>
    public static void Check(NeuroformerConfig config)
    {
        if (Problem(config) is { } problem) throw new ArgumentException($"{problem.Key} {problem.What}", nameof(config));
    }

    private static (string Key, string What)? Problem(NeuroformerConfig config)
    {
        foreach (var (key, value, least) in ((string, int, int)[])[
            ("neurons", config.Neurons, 1), ("dt_bins", config.DtBins, 1), ("n_embd", config.NEmbd, 2), ("n_head", config.NHead, 1), ("block_id", config.BlockId, 3),
            ("block_prev_id", config.BlockPrevId, 3), ("state_layers", config.StateLayers, 0), ("history_layers", config.HistoryLayers, 0), ("stimulus_layers", config.StimulusLayers, 0)])
        {
            if (value < least) return (key, $"is {value}; at least {least} is due.");
        }

        if (config.NEmbd % 2 != 0) return ("n_embd", $"is {config.NEmbd}; an even number is due.");
        if (config.NEmbd % config.NHead != 0) return ("n_head", $"is {config.NHead}, which does not divide n_embd, {config.NEmbd}.");
        foreach (var (key, value) in ((string, double)[])[
            ("resolution_dt", config.ResolutionDt), ("window_curr", config.WindowCurr), ("window_prev", config.WindowPrev), ("clip_temp", config.ClipTemp)])
        {
            if (!(value >= 1e-9 && value <= 1e6)) return (key, $"is {value}; a number above 0 is due.");
        }

        // NB: the last bin of the vocabulary is the window's end, which no spike reaches.
        var longest = Math.Max(config.WindowCurr, config.WindowPrev);
        if (Math.Ceiling(longest / config.ResolutionDt - 1e-6) > config.DtBins)
            return ("dt_bins", $"is {config.DtBins}, but a window of {longest} s has more bins of {config.ResolutionDt} s.");
        return Frames(config) ?? Modalities(config);
    }

    private static (string Key, string What)? Frames(NeuroformerConfig config)
    {
        if (config.Frames is not { } frames) return config.StimulusLayers == 0 ? null : ("stimulus_layers", $"is {config.StimulusLayers}, but there are no frames; 0 is due.");
        if (frames.Kernel.Count != 3 || frames.Stride.Count != 3) return ("frames.kernel", "and stride need 3 numbers each: time, height, width.");
        ReadOnlySpan<int> sizes = [frames.Count, frames.Height, frames.Width];
        for (var axis = 0; axis < 3; axis++)
        {
            if (sizes[axis] < 1 || frames.Kernel[axis] < 1 || frames.Stride[axis] < 1) return ("frames", "has a size, kernel or stride below 1.");
            if (frames.Kernel[axis] > sizes[axis])
                return ("frames.kernel", $"is {frames.Kernel[axis]} along axis {axis}, but the frames are only {sizes[axis]} long there.");
            if (frames.Patches && sizes[axis] % frames.Kernel[axis] != 0)
                return ("frames.kernel", $"is {frames.Kernel[axis]} along axis {axis}; patches must divide the frames' size, {sizes[axis]}.");
        }

        return frames.Rate > 0 && frames.Rate <= 1e6 ? null : ("frames.rate", $"is {frames.Rate}; a number above 0 is due.");
    }

    private static (string Key, string What)? Modalities(NeuroformerConfig config)
    {
        if (config.Groups.GroupBy(group => group.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice) return ("groups", $"has '{twice.Key}' twice.");
        foreach (var group in config.Groups)
        {
            if (group.Layers < 0) return ("groups", $"has {group.Layers} layers in '{group.Name}'; at least 0 is due.");
            if (group.Variables.GroupBy(variable => variable.Name, StringComparer.Ordinal).FirstOrDefault(variable => variable.Count() > 1) is { } same)
                return ("groups", $"has '{same.Key}' twice in '{group.Name}'.");
            if (group.Variables.FirstOrDefault(variable => variable.Classes < 0) is { } negative) return ("groups", $"has {negative.Classes} classes in '{group.Name}.{negative.Name}'.");
        }

        if (config.ContrastiveVars.Count == 1) return ("contrastive_vars", "has one name; a comparison needs two.");
        var inputs = config.Groups.SelectMany(group => group.Variables.Where(variable => !variable.Predict).Select(variable => $"{group.Name}.{variable.Name}")).ToArray();
        foreach (var name in config.ContrastiveVars)
        {
            if (!Features.Contains(name) && !inputs.Contains(name)) return ("contrastive_vars", $"has '{name}', which is neither id, eos, frames nor an input GROUP.VARIABLE.");
            if (name == "frames" && config.Frames is null) return ("contrastive_vars", "has 'frames', but the model takes none.");
        }

        return null;
    }
}
