namespace Realtime.Host.Demo;

/// <summary>Which model a demo takes, and where its numbers come from.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Random">Whether its weights are drawn at random.</param>
/// <param name="Calibrates">Whether bundled weights are calibrated.</param>
/// <param name="Note">What the user should know about the choice, or null.</param>
internal sealed record DemoModelChoice(string Kind, bool Random, bool Calibrates, string? Note)
{
    /// <param name="kind">The kind that was named, or is taken where none was.</param>
    /// <param name="named">Whether it was named.</param>
    /// <param name="bundled">Whether the bundled weights suit the session.</param>
    /// <param name="random">Whether random weights are wanted.</param>
    /// <exception cref="UserErrorException">The wishes contradict each other, or there are no weights.</exception>
    public static DemoModelChoice Of(string kind, bool named, bool bundled, bool random)
    {
        var transformer = BundledModels.Kinds.Contains(kind);
        if (random && !(named && transformer))
            throw new UserErrorException($"--random-weights is for transformers. Add --model {string.Join(" or ", BundledModels.Kinds)}, or leave it out.", ExitCode.Usage);
        if (transformer && !bundled && !random)
        {
            throw new UserErrorException(
                $"There are no bundled weights of a {kind} for this session: they are for simulated {BundledModels.Simulation} sessions. Fit a linear decoder (--model wiener), train a {kind} "
                + $"('rtdecode train SESSION --model {kind} -o MODEL') and run it, or rehearse with weights that mean nothing: --random-weights.", ExitCode.Usage);
        }

        var note = named || bundled ? null : $"There are no bundled weights for this session (they are for simulated {BundledModels.Simulation} sessions): a {kind} decoder is fitted to it.";
        return new DemoModelChoice(kind, random, transformer && !random, note);
    }
}
