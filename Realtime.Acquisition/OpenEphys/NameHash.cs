namespace Realtime.Acquisition.OpenEphys;

/// <summary>Hash of a unit's names as received: FNV-1a, 32 bits, whose low bits are mixed once more at the end.</summary>
internal static class NameHash
{
    private const uint Offset = 2166136261;
    private const uint Prime = 16777619;

    public static uint Of(ReadOnlySpan<byte> stream, ReadOnlySpan<byte> electrode, int sortedId)
    {
        var hash = Offset;
        foreach (var letter in stream) hash = (hash ^ letter) * Prime;
        hash = (hash ^ '/') * Prime;
        foreach (var letter in electrode) hash = (hash ^ letter) * Prime;
        hash = (hash ^ (uint)sortedId) * Prime;
        hash ^= hash >> 15;
        hash *= 0x2c1b3c6d;
        return hash ^ (hash >> 12);
    }
}
