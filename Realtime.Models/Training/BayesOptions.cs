namespace Realtime.Models.Training;

/// <summary>What only the Bayes decoder asks.</summary>
public sealed record BayesOptions
{
    /// <summary>Cells per axis; null for 60 around a circle, 40 along a line, 24 × 24 in a plane.</summary>
    public int? Cells { get; init; }

    /// <summary>Width (sigma) of the Gaussian that smooths the tuning curves, in cells; 0 for none.</summary>
    public double SmoothingCells { get; init; } = 1.5;

    public BayesPrior Prior { get; init; } = BayesPrior.Flat;

    /// <summary>Bins in which spikes are matched with behaviour to make the tuning curves, ms; short against the behaviour's
    /// speed.</summary>
    public double TuningBinMs { get; init; } = 20;

    /// <summary>Length of the interval an answer is judged on, ms, ending at the window's end; null for the window itself.</summary>
    public double? TargetMs { get; init; }

    /// <summary>How often the decoder is judged, ms; null for every TargetMs.</summary>
    public double? StepMs { get; init; }

    /// <summary>Lowest rate of a unit in a cell, Hz: one spike must not rule out a cell where the unit was merely never seen to
    /// fire.</summary>
    public double MinimumRateHz { get; init; } = 0.01;
}
