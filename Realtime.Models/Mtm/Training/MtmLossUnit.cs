namespace Realtime.Models.Mtm.Training;

/// <summary>What the loss of a batch is divided by.</summary>
public enum MtmLossUnit
{
    /// <summary>The number of scored entries.</summary>
    Entry,

    /// <summary>The number of trials.</summary>
    Trial,

    /// <summary>Nothing: the sum, as upstream has it.</summary>
    Sum,
}
