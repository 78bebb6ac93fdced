namespace Realtime.Models.Poyo;

/// <summary>What a POYO network reads: samples of equal length, those that were shorter filled up with padding. All arrays are [samples, ...], row-major.</summary>
public sealed record PoyoBatch
{
    public required int Samples { get; init; }

    /// <summary>Input tokens of a sample, padding included.</summary>
    public required int Tokens { get; init; }

    public required int Latents { get; init; }

    /// <summary>Output queries of a sample, padding included.</summary>
    public required int Queries { get; init; }

    /// <summary>[samples, tokens], rows of the unit table.</summary>
    public required int[] InputUnits { get; init; }

    /// <summary>[samples, tokens], rows of the token type table.</summary>
    public required int[] InputTypes { get; init; }

    /// <summary>[samples, tokens], s after the window's start.</summary>
    public required double[] InputTimes { get; init; }

    /// <summary>[samples, tokens], true for tokens that are none of the padding; null when nothing is padded.</summary>
    public bool[]? InputMask { get; init; }

    /// <summary>[samples, latents], rows of the latent table.</summary>
    public required int[] LatentIndex { get; init; }

    /// <summary>[samples, latents], s after the window's start.</summary>
    public required double[] LatentTimes { get; init; }

    /// <summary>[samples], rows of the session table.</summary>
    public required int[] Sessions { get; init; }

    /// <summary>[samples, queries], s after the window's start.</summary>
    public required double[] OutputTimes { get; init; }

    /// <summary>[samples, queries], true for queries that are none of the padding; null when nothing is padded. Padded ones are computed too.</summary>
    public bool[]? OutputMask { get; init; }

    /// <summary>Spikes outside their window, which gave no tokens.</summary>
    public int LeftOut { get; init; }
}
