namespace Realtime.Acquisition.OpenEphys;

/// <summary>How a message's running number follows the one before.</summary>
public enum SequenceStep
{
    InOrder,

    /// <summary>Numbers were left out.</summary>
    Gap,

    /// <summary>The same number again.</summary>
    Duplicate,

    /// <summary>Numbering began anew.</summary>
    Restart,
}
