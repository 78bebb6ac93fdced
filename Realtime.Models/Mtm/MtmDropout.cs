namespace Realtime.Models.Mtm;

/// <summary>Shares that are dropped in training, 0 to below 1; upstream's values. They are no part of a model.</summary>
public sealed record MtmDropout
{
    /// <summary>Of tokens' numbers, before the first block.</summary>
    public double Embedding { get; init; } = 0.2;

    /// <summary>Of attention weights, of joined heads, and of what the feed-forward map gives.</summary>
    public double Transformer { get; init; } = 0.4;

    public static MtmDropout None { get; } = new() { Embedding = 0, Transformer = 0 };
}
