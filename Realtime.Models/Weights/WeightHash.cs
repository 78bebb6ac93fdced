using System.Security.Cryptography;

namespace Realtime.Models.Weights;

/// <summary>The hash that names a file of weights.</summary>
public static class WeightHash
{
    private const int Block = 1 << 24;

    /// <summary>Lower-case hexadecimal SHA-256 of all bytes, taken block by block.</summary>
    public static string Sha256(IWeightBytes bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long offset = 0; offset < bytes.Length; offset += Block)
            hash.AppendData(bytes.Slice(offset, (int)Math.Min(Block, bytes.Length - offset)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
