namespace Realtime.Models.Training.Evaluation;

/// <summary>A transformer in plain form, asked about many moments of one window. Immutable; any thread.</summary>
internal interface IOfflineNetwork
{
    /// <summary>The window of training, ns.</summary>
    long WindowNs { get; }

    /// <summary>Distance that windows' starts and lengths are multiples of, ns; 1 where any will do.</summary>
    long GridNs { get; }

    /// <summary>The longest window that an interval of some length allows, ns; 0 for none.</summary>
    long Fitting(long intervalNs);

    /// <summary>Answers a window.</summary>
    /// <param name="spikes">Their units are rows of the model's unit list.</param>
    /// <param name="startNs">Start of the window.</param>
    /// <param name="lengthNs">What <see cref="Fitting"/> gave.</param>
    /// <param name="momentsNs">Moments asked about, in (start, start + length].</param>
    /// <returns>[moments, outputs], in physical units.</returns>
    float[] Predict(SpikeTrain spikes, long startNs, long lengthNs, ReadOnlySpan<long> momentsNs);
}
