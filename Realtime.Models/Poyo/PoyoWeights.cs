using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Poyo;

/// <summary>The numbers of a POYO model, row-major, as upstream names and shapes them. Immutable by convention; any thread.</summary>
public sealed record PoyoWeights
{
    public required PoyoConfig Config { get; init; }

    /// <summary>[vocabulary, dim]; row 0 is the word NA.</summary>
    public required float[] Units { get; init; }

    /// <summary>[sessions, dim]; row 0 is the word NA.</summary>
    public required float[] Sessions { get; init; }

    /// <summary>[4, dim]: spike, window start, window end, unused.</summary>
    public required float[] TokenTypes { get; init; }

    /// <summary>[latents per step, dim].</summary>
    public required float[] Latents { get; init; }

    /// <summary>[head width / 2], rad/s.</summary>
    public required float[] Omega { get; init; }

    public required CrossAttentionWeights EncoderAttention { get; init; }

    public required FeedForwardWeights EncoderFeedForward { get; init; }

    public required IReadOnlyList<ProcessorLayerWeights> Layers { get; init; }

    public required CrossAttentionWeights DecoderAttention { get; init; }

    public required FeedForwardWeights DecoderFeedForward { get; init; }

    /// <summary>[outputs, dim].</summary>
    public required float[] Readout { get; init; }

    /// <summary>[outputs].</summary>
    public required float[] ReadoutBias { get; init; }

    public int Outputs => ReadoutBias.Length;

    /// <summary>Reads and checks every tensor.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, of another shape than the configuration says, or not finite.</exception>
    public static PoyoWeights Read(WeightReader weights, PoyoConfig config)
    {
        PoyoConfigCheck.Check(config, weights.File);
        var outputs = weights.Axis("readout.weight", 0);
        return new PoyoWeights
        {
            Config = config,
            Units = weights.Floats("unit_emb.weight", weights.Axis("unit_emb.weight", 0), config.Dim),
            Sessions = weights.Floats("session_emb.weight", weights.Axis("session_emb.weight", 0), config.Dim),
            TokenTypes = weights.Floats("token_type_emb.weight", 4, config.Dim),
            Latents = weights.Floats("latent_emb.weight", config.NumLatentsPerStep, config.Dim),
            Omega = weights.Floats("rotary_emb.omega", config.DimHead / 2),
            EncoderAttention = CrossAttentionWeights.Read(weights, "enc_atn", config.Dim, config.Dim, config.CrossHeads, config.DimHead),
            EncoderFeedForward = FeedForwardWeights.Read(weights, "enc_ffn", config.Dim),
            Layers = [.. Enumerable.Range(0, config.Depth).Select(layer => ProcessorLayerWeights.Read(weights, layer, config.Dim, config.SelfHeads, config.DimHead))],
            DecoderAttention = CrossAttentionWeights.Read(weights, "dec_atn", config.Dim, config.Dim, config.CrossHeads, config.DimHead),
            DecoderFeedForward = FeedForwardWeights.Read(weights, "dec_ffn", config.Dim),
            Readout = weights.Floats("readout.weight", outputs, config.Dim),
            ReadoutBias = weights.Floats("readout.bias", outputs),
        };
    }
}
