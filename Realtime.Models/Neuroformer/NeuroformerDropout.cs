namespace Realtime.Models.Neuroformer;

/// <summary>Shares that are dropped in training, 0 to below 1, at upstream's places; they are no part of a model.</summary>
public sealed record NeuroformerDropout
{
    /// <summary>On the embedded tokens of both windows, and on those of inputs.</summary>
    public double Id { get; init; }

    /// <summary>On the time embedding by itself, before it is added.</summary>
    public double Time { get; init; }

    /// <summary>On the tokens of frames.</summary>
    public double Im { get; init; }

    /// <summary>On attention weights.</summary>
    public double Attn { get; init; }

    /// <summary>On what each branch of a block adds.</summary>
    public double Resid { get; init; }

    /// <summary>On the mean that behaviour is read from. Not upstream's.</summary>
    public double Pooled { get; init; }
}
