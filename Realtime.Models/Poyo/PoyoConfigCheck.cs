namespace Realtime.Models.Poyo;

/// <summary>Refuses shapes that no POYO model can have, before anything is sized by them.</summary>
internal static class PoyoConfigCheck
{
    private const int MaxWidth = 4096;
    private const int MaxDepth = 256;
    private const int MaxLatents = 16_384;
    private const double MaxSeconds = 600;

    /// <exception cref="ModelFormatException">A value is out of its range.</exception>
    public static void Check(PoyoConfig config, string file)
    {
        Range("sequence_length", config.SequenceLength, 1e-3, MaxSeconds);
        Range("latent_step", config.LatentStep, 1e-3, config.SequenceLength);
        Range("num_latents_per_step", config.NumLatentsPerStep, 1, MaxLatents);
        Range("dim", config.Dim, 1, MaxWidth);
        Range("depth", config.Depth, 0, MaxDepth);
        Range("dim_head", config.DimHead, 4, MaxWidth);
        Range("cross_heads", config.CrossHeads, 1, MaxWidth / config.DimHead);
        Range("self_heads", config.SelfHeads, 1, MaxWidth / config.DimHead);
        if (config.DimHead % 4 != 0) throw Wrong("dim_head", $"is {config.DimHead}; a multiple of 4 is due.");
        if ((long)config.Steps * config.NumLatentsPerStep > MaxLatents)
            throw Wrong("num_latents_per_step", $"gives {config.Steps} × {config.NumLatentsPerStep} latents; up to {MaxLatents} are possible.");

        void Range(string key, double value, double low, double high)
        {
            if (!(value >= low && value <= high)) throw Wrong(key, $"is {value}; from {low} to {high} are possible.");
        }

        ModelFormatException Wrong(string key, string what) => new(file, "hyper_parameters." + key, what, "Check the model's configuration.");
    }
}
