namespace Realtime.Models.Possm;

/// <summary>Refuses shapes that no POSSM model can have, before anything is sized by them.</summary>
internal static class PossmConfigCheck
{
    private const int MaxWidth = 4096;
    private const int MaxDepth = 256;
    private const int MaxLatents = 256;
    private const int MaxContext = 1024;
    private const int MaxInputs = 65_536;
    private const double MaxSeconds = 600;

    /// <exception cref="ModelFormatException">A value is out of its range.</exception>
    public static void Check(PossmConfig config, string file)
    {
        Range("bin_width", config.BinWidth, 1e-3, MaxSeconds);
        Range("sequence_length", config.SequenceLength, config.BinWidth, MaxSeconds);
        Range("num_latents", config.NumLatents, 1, MaxLatents);
        Range("dim", config.Dim, 1, MaxWidth);
        Range("depth", config.Depth, 0, MaxDepth);
        Range("dim_head", config.DimHead, 4, MaxWidth);
        Range("cross_heads", config.CrossHeads, 1, MaxWidth / config.DimHead);
        Range("self_heads", config.SelfHeads, 1, MaxWidth / config.DimHead);
        Range("rnn_dim", config.RnnDim, 1, MaxWidth);
        Range("num_rnn_layers", config.NumRnnLayers, 1, MaxDepth);
        Range("output_ca_ctx_lim", config.OutputCaCtxLim, 1, MaxContext);
        if (config.DimHead % 4 != 0) throw Wrong("dim_head", $"is {config.DimHead}; a multiple of 4 is due.");
        if ((long)config.NumLatents * config.Dim > MaxInputs)
            throw Wrong("num_latents", $"gives the recurrent network {config.NumLatents} × {config.Dim} inputs; up to {MaxInputs} are possible.");

        // NB: overlapping chunks exist in upstream's tokeniser, but its decoder places chunk ends bin_width apart all the same.
        if (config.BinStep != config.BinWidth)
            throw Wrong("bin_step", $"is {config.BinStep}, and bin_width is {config.BinWidth}; chunks that overlap or leave holes are not supported.");

        void Range(string key, double value, double low, double high)
        {
            if (!(value >= low && value <= high)) throw Wrong(key, $"is {value}; from {low} to {high} are possible.");
        }

        ModelFormatException Wrong(string key, string what) => new(file, "hyper_parameters." + key, what, "Check the model's configuration.");
    }
}
