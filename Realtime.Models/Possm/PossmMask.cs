namespace Realtime.Models.Possm;

/// <summary>Which tokens of a chunk the encoder sees.</summary>
public enum PossmMask
{
    /// <summary>The spikes, and one blank in a chunk without any. What the late revision does.</summary>
    Strict,

    /// <summary>As the early revision's code runs: every chunk is filled up with visible blanks to the sample's fullest chunk.</summary>
    AsRun,
}
