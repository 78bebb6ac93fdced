namespace Realtime.Models.Kernels;

/// <summary>
/// Which numbers of one call dropout keeps: number i is dropped where the upper 24 bits of a hash of i are below a threshold. A pure function of
/// the number's place, so the way back need not remember it and every width of register agrees.
/// The hash is MurmurHash3's 32-bit finalizer (Appleby, public domain) with a second key between its halves.
/// </summary>
/// <param name="firstKey">Xored into the place.</param>
/// <param name="secondKey">Xored between the halves.</param>
/// <param name="rate">Share that is dropped, in [0, 1).</param>
internal readonly struct DropoutDraw(uint firstKey, uint secondKey, double rate)
{
    public const uint FirstFactor = 0x85EBCA6B;

    public const uint SecondFactor = 0xC2B2AE35;

    public readonly uint FirstKey = firstKey;

    public readonly uint SecondKey = secondKey;

    /// <summary>Of 2^24.</summary>
    public readonly int Threshold = (int)Math.Round(rate * (1 << 24));

    /// <summary>What kept numbers are multiplied by.</summary>
    public readonly float Factor = (float)(1 / (1 - rate));

    public bool Drops => Threshold > 0;
}
