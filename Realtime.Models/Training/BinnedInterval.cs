namespace Realtime.Models.Training;

/// <summary>One interval of a session in bins laid from its start.</summary>
/// <param name="StartNs">Data time of the first bin's start, ns.</param>
/// <param name="Bins">Whole bins that fit.</param>
/// <param name="Counts">Spikes, [bins, units].</param>
/// <param name="Targets">Mean of each target over the bin, [bins, outputs]; NaN where unknown.</param>
/// <param name="Usable">Whether the filter keeps the bin and every target is known.</param>
internal sealed record BinnedInterval(long StartNs, int Bins, float[] Counts, double[] Targets, bool[] Usable)
{
    public long EndNs(int bin, long binNs) => StartNs + (bin + 1) * binNs;
}
