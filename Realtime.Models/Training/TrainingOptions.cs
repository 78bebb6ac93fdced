using Realtime.Models.Baselines;

namespace Realtime.Models.Training;

/// <summary>How to fit a linear decoder.</summary>
public sealed record TrainingOptions
{
    /// <summary>Length of a bin, ms. The Bayes decoder's window is one bin.</summary>
    public double BinMs { get; init; } = 100;

    /// <summary>Bins of history the Wiener filter reads, the newest included. The other kinds do not use it.</summary>
    public int Lags { get; init; } = 10;

    /// <summary>Names of the behaviour channels to decode; null for cos_* and sin_* where there are any, else all channels that hold a
    /// number. The name of an angle stands for its cosine and sine.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Which bins to use, in training and scoring alike, such as "speed &gt; 20"; null for all. See <see
    /// cref="BinFilter"/>.</summary>
    public string? Filter { get; init; }

    /// <summary>Ridge penalties to choose from, on z-scored features, added to the Gram matrix.</summary>
    public IReadOnlyList<double> Penalties { get; init; } = [1, 10, 100, 1000, 10_000, 100_000];

    public KalmanOptions Kalman { get; init; } = new();

    public BayesOptions Bayes { get; init; } = new();

    /// <summary>Stored in the model file.</summary>
    public long Seed { get; init; }

    /// <summary>The user's own words, stored in the model file.</summary>
    public string Note { get; init; } = "";

    internal long BinNs => ToNs(BinMs);

    internal static long ToNs(double milliseconds) => (long)Math.Round(milliseconds * 1e6);

    /// <exception cref="TrainingException">An option is outside its range.</exception>
    internal void Check()
    {
        Length(nameof(BinMs), BinMs);
        if (Lags is < 1 or > 1000) throw Wrong(nameof(Lags), Lags, "from 1 to 1000 bins");
        if (Penalties.Count == 0 || Penalties.Any(penalty => !(penalty >= 0) || !double.IsFinite(penalty)))
            throw Wrong(nameof(Penalties), string.Join(", ", Penalties), "one or more numbers from 0 up");
        if (Kalman.LagBins.Count == 0 || Kalman.LagBins.Any(lag => lag is < 0 or > KalmanDecoder.MaxLagBins))
            throw Wrong("Kalman.LagBins", string.Join(", ", Kalman.LagBins), $"one or more numbers from 0 to {KalmanDecoder.MaxLagBins}");
        if (Bayes.Cells is < 2 or > 500) throw Wrong("Bayes.Cells", Bayes.Cells, "from 2 to 500 per axis");
        if (!(Bayes.SmoothingCells is >= 0 and <= 100)) throw Wrong("Bayes.SmoothingCells", Bayes.SmoothingCells, "from 0 to 100");
        if (!(Bayes.MinimumRateHz is > 0 and <= 100)) throw Wrong("Bayes.MinimumRateHz", Bayes.MinimumRateHz, "above 0, up to 100 Hz");
        Length("Bayes.TuningBinMs", Bayes.TuningBinMs);
        Length("Bayes.TargetMs", Bayes.TargetMs ?? BinMs);
        Length("Bayes.StepMs", Bayes.StepMs ?? BinMs);
        if (!Enum.IsDefined(Bayes.Prior)) throw Wrong("Bayes.Prior", Bayes.Prior, "Flat or Occupancy");

        static void Length(string option, double milliseconds)
        {
            if (!(milliseconds is >= 0.1 and <= 60_000)) throw Wrong(option, milliseconds, "from 0.1 to 60000 ms");
        }
    }

    private static TrainingException Wrong(string option, object? value, string range) =>
        new(FormattableString.Invariant($"Training option {option} is {value}; choose {range}."));
}
