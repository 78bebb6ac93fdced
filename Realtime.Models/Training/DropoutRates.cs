namespace Realtime.Models.Training;

/// <summary>Shares that are dropped in training, 0 to below 1, under upstream's names; they are no part of a model.</summary>
public sealed record DropoutRates
{
    /// <summary>Within feed-forward blocks, after the gate.</summary>
    public double Ffn { get; init; }

    /// <summary>After both branches of processor layers.</summary>
    public double Lin { get; init; }

    /// <summary>On attention weights.</summary>
    public double Atn { get; init; }

    /// <summary>Between layers of the GRU.</summary>
    public double Rnn { get; init; }

    /// <summary>On what the GRU reads of the chunks. Not upstream's.</summary>
    public double Latent { get; init; }

    /// <summary>On what the decoder reads of the GRU, after its normalisation: before it, dropping would swell the variance that is divided by, and answers
    /// without dropout would come out too large. Not upstream's.</summary>
    public double State { get; init; }
}
