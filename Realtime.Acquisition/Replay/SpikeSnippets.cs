using System.Buffers.Binary;

namespace Realtime.Acquisition.Replay;

/// <summary>Synthetic snippets, one per unit: a session keeps spike times, not their shapes. A trough, then a slower, smaller
/// hump.</summary>
internal static class SpikeSnippets
{
    /// <summary>Samples before the peak, as the GUI's spike detector has it.</summary>
    public const int BeforePeak = 8;

    /// <summary>Samples from the peak on.</summary>
    public const int FromPeak = 32;

    /// <summary>Microvolts; named in each spike's header.</summary>
    public const float Threshold = -50;

    /// <summary>Float32 bytes of the snippet of a unit, [40], or of its peak alone, [1]; microvolts.</summary>
    public static byte[] Of(int unit, bool peakOnly)
    {
        // Seven sizes from 70 to 190 uV, so that neighbours on a plot differ.
        var size = 70 + 20 * (unit % 7);
        var first = peakOnly ? 0 : -BeforePeak;
        var last = peakOnly ? 1 : FromPeak;
        var bytes = new byte[sizeof(float) * (last - first)];
        for (var t = first; t < last; t++)
        {
            var value = -size * Math.Exp(-t * t / 12.0);
            if (t > 0) value += 0.3 * size * (t / 10.0) * Math.Exp(1 - t / 10.0);
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * (t - first)), (float)value);
        }

        return bytes;
    }
}
