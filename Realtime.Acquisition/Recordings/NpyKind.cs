namespace Realtime.Acquisition.Recordings;

/// <summary>The kind of number in a NumPy array.</summary>
public enum NpyKind
{
    Float,
    Signed,
    Unsigned,
}
