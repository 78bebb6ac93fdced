namespace Realtime.Acquisition.Recordings;

/// <summary>An array read from an .npy file.</summary>
/// <param name="Values">Elements in C order (last index fastest).</param>
/// <param name="Header">Shape, and dtype as in the file.</param>
public sealed record NpyArray<T>(T[] Values, NpyHeader Header) where T : unmanaged
{
    public IReadOnlyList<long> Shape => Header.Shape;
}
