using Realtime.Engine.Decoding;

namespace Realtime.Models.Baselines;

/// <summary>Counts spikes per unit in bins that are counted back from the window's end; integer ns, so that live and offline
/// agree.</summary>
internal static class BinCounter
{
    /// <summary>
    /// Bin k is [EndNs - (k+1) × binNs, EndNs - k × binNs). Counts are exact in float32 up to 16,777,216 spikes.
    /// </summary>
    /// <param name="window">The spikes; those before the oldest bin are not of this model's window and are passed over.</param>
    /// <param name="binNs">Length of a bin, ns.</param>
    /// <param name="units">Units per bin.</param>
    /// <param name="counts">Receives [bins, units], bin 0 the newest; may be longer, the rest is zeroed.</param>
    /// <param name="bins">Number of bins.</param>
    public static void Count(in SpikeWindow window, long binNs, int units, Span<float> counts, int bins)
    {
        counts.Clear();
        var span = binNs * bins;
        for (var i = window.TimesNs.Length - 1; i >= 0; i--)
        {
            // NB: "- 1" makes a spike on a bin's first nanosecond part of it, and one on the window's end not.
            var age = window.EndNs - window.TimesNs[i] - 1;
            if (age >= span) break;
            var unit = window.Units[i];
            if (age < 0 || (uint)unit >= (uint)units) continue;
            counts[(int)(age / binNs) * units + unit] += 1;
        }
    }
}
