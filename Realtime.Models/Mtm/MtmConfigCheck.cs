namespace Realtime.Models.Mtm;

/// <summary>Refuses shapes that no MtM model can have, before anything is sized by them.</summary>
internal static class MtmConfigCheck
{
    private const int MaxWidth = 16_384;
    private const int MaxDepth = 256;
    private const int MaxRows = 100_000;
    private const double LargestScale = 1e6;

    /// <exception cref="ModelFormatException">A value is out of its range.</exception>
    public static void Check(MtmConfig config, string file)
    {
        Range("n_channels", config.NChannels, 1, MaxWidth);
        Range("mult", config.Mult, 1, MaxWidth / config.NChannels);
        Range("max_f", config.MaxF, 1, MaxRows);
        Range("n_sessions", config.NSessions, 1, MaxRows);
        Range("n_layers", config.NLayers, 1, MaxDepth);
        Range("hidden_size", config.HiddenSize, 1, MaxWidth);
        Range("n_heads", config.NHeads, 1, config.HiddenSize);
        Range("inter_size", config.InterSize, 1, MaxWidth);
        Range("embed_scale", config.EmbedScale, -LargestScale, LargestScale);
        if (config.HiddenSize % config.NHeads != 0) throw Wrong("n_heads", $"is {config.NHeads}, which does not divide hidden_size {config.HiddenSize}.");
        if (!config.UseRope) return;
        Range("rope_theta", config.RopeTheta, 1, 1e12);
        if (config.HeadDim % 2 != 0) throw Wrong("n_heads", $"gives heads of {config.HeadDim} channels; rotary positions turn pairs, so an even number is due.");

        void Range(string key, double value, double low, double high)
        {
            if (!(value >= low && value <= high)) throw Wrong(key, FormattableString.Invariant($"is {value}; from {low} to {high} are possible."));
        }

        ModelFormatException Wrong(string key, string what) => new(file, "hyper_parameters." + key, what, "Check the model's configuration.");
    }
}
