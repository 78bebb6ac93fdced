using Realtime.Engine.Sessions;

namespace Realtime.Models.Mtm.Training;

/// <summary>The counts of one trial.</summary>
/// <param name="Range">Session time of the bins, s.</param>
/// <param name="Bins">Whole bins; a rest shorter than a bin is left out.</param>
/// <param name="Counts">Spikes, [Bins, neurons].</param>
public sealed record MtmRecordedTrial(TimeRange Range, int Bins, float[] Counts)
{
    private readonly float[]? _input;

    /// <summary>What the network reads of them, [Bins, neurons]: the counts, or their roots, less the neuron's mean in training where inputs are centred.</summary>
    public float[] Input
    {
        get => _input ?? Counts;
        init => _input = value;
    }
}
