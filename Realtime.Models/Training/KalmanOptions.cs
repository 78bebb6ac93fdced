namespace Realtime.Models.Training;

/// <summary>What only the Kalman filter asks.</summary>
public sealed record KalmanOptions
{
    /// <summary>How many bins the counts may lie before the target's bin; the one with the best validation score is taken. Motor cortex
    /// leads the hand by about 140 ms (Wu et al. 2006).</summary>
    public IReadOnlyList<int> LagBins { get; init; } = [0, 1, 2, 3];

    /// <summary>Whether the state also holds each output's difference from the bin before.</summary>
    public bool Derivatives { get; init; }
}
