namespace Realtime.Models.Transformer;

/// <summary>Refuses a limit on spikes for which the tokens of one window would not fit one array.</summary>
internal static class TokenMemory
{
    // Rings are powers of two, and hold a part of a panel more than the limit.
    private const long MaxNumbers = int.MaxValue / 4;

    /// <exception cref="ModelFormatException">The limit is too high for this model, or not positive.</exception>
    public static void Check(ModelFile file, int maxSpikes, int numbersPerSpike)
    {
        var most = MaxNumbers / numbersPerSpike;
        if (maxSpikes >= 1 && maxSpikes <= most) return;
        throw new ModelFormatException(file.Name, "", $"keeps {numbersPerSpike} numbers for each spike of a window, so that it decodes from 1 to {most} spikes; {maxSpikes} are asked for.",
            "Lower ticks.max_window_spikes in the rig config.");
    }
}
