namespace Realtime.Host.Doctor;

/// <summary>What a check found, from best to worst.</summary>
public enum CheckLevel
{
    Ok,

    /// <summary>A run works, but answers may be later or scores lower than they could be.</summary>
    Warn,

    /// <summary>A run cannot start, or cannot keep its promises.</summary>
    Fail,
}
