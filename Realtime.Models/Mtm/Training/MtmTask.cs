namespace Realtime.Models.Mtm.Training;

/// <summary>What is predicted of what.</summary>
public enum MtmTask
{
    /// <summary>One neuron of all others, each in turn.</summary>
    CoSmoothing,

    /// <summary>The last bins of a trial of those before.</summary>
    ForwardPrediction,

    /// <summary>A region's neurons of all others, each region in turn.</summary>
    InterRegion,

    /// <summary>One neuron of the others of its region.</summary>
    IntraRegion,
}
