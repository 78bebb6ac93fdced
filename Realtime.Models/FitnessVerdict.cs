namespace Realtime.Models;

/// <summary>Whether a model was found good enough to answer live.</summary>
public enum FitnessVerdict
{
    /// <summary>Nobody has compared it with anything.</summary>
    Unjudged,

    /// <summary>It decodes data that it had not seen better than a linear decoder fitted to the same data.</summary>
    Fit,

    /// <summary>It does not.</summary>
    Unfit,

    /// <summary>It does not, and its user wants it all the same.</summary>
    Forced,
}
