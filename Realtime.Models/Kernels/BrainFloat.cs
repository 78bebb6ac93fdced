namespace Realtime.Models.Kernels;

/// <summary>bfloat16: the upper half of a float32.</summary>
public static class BrainFloat
{
    /// <summary>The bits of the nearest bfloat16, ties to even. NaN stays NaN; beyond the largest one comes infinity.</summary>
    public static ushort Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>The number, exactly.</summary>
    public static float Widen(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
