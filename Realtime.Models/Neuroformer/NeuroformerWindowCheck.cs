namespace Realtime.Models.Neuroformer;

/// <summary>Refuses windows that do not fit a configuration.</summary>
internal static class NeuroformerWindowCheck
{
    /// <exception cref="ArgumentException">The message says which window and what.</exception>
    public static void Check(NeuroformerWindow window, NeuroformerConfig config, int index)
    {
        Tokens(window.Ids, window.Times, config.BlockId, "current");
        Tokens(window.PastIds, window.PastTimes, config.BlockPrevId, "past");
        if (window.Pad < 1 || window.Pad > config.BlockId) throw Wrong($"has pad {window.Pad}; 1 to {config.BlockId} is due");
        if (config.Frames is { } frames)
        {
            var due = frames.Count * frames.Height * frames.Width;
            if (window.Frames is null) throw Wrong($"has no frames; the model takes {frames.Count} frames of {frames.Height} x {frames.Width} pixels");
            if (window.Frames.Length != due)
                throw Wrong($"has {window.Frames.Length} pixels in its frames; the model takes {due}, {frames.Count} frames of {frames.Height} x {frames.Width}");
        }

        if (window.Inputs.Count == 0) return;
        if (window.Inputs.Count != config.Groups.Count) throw Wrong($"has {window.Inputs.Count} groups of inputs; the model has {config.Groups.Count}");
        for (var group = 0; group < config.Groups.Count; group++)
        {
            if (window.Inputs[group].Count != config.Groups[group].Variables.Count)
                throw Wrong($"has {window.Inputs[group].Count} inputs in group '{config.Groups[group].Name}'; the model has {config.Groups[group].Variables.Count} variables there");
        }

        void Tokens(int[] ids, float[] times, int length, string what)
        {
            if (ids.Length != length || times.Length != length)
                throw Wrong($"has {ids.Length} id and {times.Length} dt tokens in its {what} interval; exactly {length} are due, padded");
            var at = Array.FindIndex(ids, id => (uint)id >= (uint)config.IdWords);
            if (at >= 0) throw Wrong($"has the id token {ids[at]} at place {at} of its {what} interval; the vocabulary has {config.Neurons} neurons and {config.IdWords} words");
            at = Array.FindIndex(times, time => !float.IsFinite(time));
            if (at >= 0) throw Wrong($"has the dt token {times[at]} at place {at} of its {what} interval");
        }

        ArgumentException Wrong(string what) => new($"Window {index} {what}.", nameof(window));
    }
}
