namespace Realtime.Models.Mtm.Training;

/// <summary>What the network sees in place of a hidden count.</summary>
public enum MtmHidden
{
    /// <summary>0, as upstream: a hidden neuron looks like a silent one.</summary>
    Zero,

    /// <summary>The neuron's mean count per bin in training: a hidden neuron says nothing. Not upstream's.</summary>
    Mean,
}
