namespace Realtime.Models.Training;

/// <summary>What the Bayes decoder expects before it has seen a spike.</summary>
public enum BayesPrior
{
    /// <summary>Every visited cell alike.</summary>
    Flat,

    /// <summary>Each cell by the time spent there in training.</summary>
    Occupancy,
}
