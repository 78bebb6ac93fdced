namespace Realtime.Models.Mtm.Training;

/// <summary>How the network knows a bin's place in its trial.</summary>
public enum MtmPositions
{
    /// <summary>A learned vector per place, as published; a trial ends at the last one.</summary>
    Learned,

    /// <summary>Queries and keys turn with the place: with a limited context the live decoder needs no trials.</summary>
    Rotary,
}
