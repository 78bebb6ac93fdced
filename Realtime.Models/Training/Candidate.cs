namespace Realtime.Models.Training;

/// <summary>One setting that was tried.</summary>
/// <param name="Setting">What was varied: "penalty" or "lag_bins".</param>
/// <param name="Value">The value tried.</param>
/// <param name="ValidationScore">Mean R² on the validation interval; NaN where there is none.</param>
public readonly record struct Candidate(string Setting, double Value, double ValidationScore);
