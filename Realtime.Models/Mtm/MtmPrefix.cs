namespace Realtime.Models.Mtm;

/// <summary>The rows before the first bin: the session's, then the prompt's; neither has a learned position.</summary>
internal static class MtmPrefix
{
    /// <summary>Writes them to the beginning of a trial's rows.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="session">Row of the session table; not read where there is none.</param>
    /// <param name="prompt">Row of the prompt table; not read where there is none.</param>
    /// <param name="rows">[prefix and more, hidden].</param>
    public static void Write(MtmWeights weights, int session, MtmPrompt prompt, Span<float> rows)
    {
        var (config, width) = (weights.Config, weights.Config.HiddenSize);
        if (config.UseSession)
        {
            weights.Sessions.AsSpan(session * width, width).CopyTo(rows);
            rows = rows[width..];
        }

        if (config.UsePrompt) weights.Prompts.AsSpan((int)prompt * width, width).CopyTo(rows);
    }
}
