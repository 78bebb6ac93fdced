namespace Realtime.Models.Differentiation;

/// <summary>What an error costs, in normalised units.</summary>
public enum LossKind
{
    /// <summary>e².</summary>
    Squared,

    /// <summary>Huber with bound 1: e² / 2 up to 1, |e| - 1/2 beyond.</summary>
    Huber,

    /// <summary>|e|: the network learns medians, and a few large errors cost little.</summary>
    Absolute,
}
