using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Engine.Time;

namespace Realtime.Models.Training;

/// <summary>A session's spikes in data time (ns since sample 0), with unit rows of a given table.</summary>
internal sealed class SpikeTrain
{
    private readonly long[] _timesNs;
    private readonly int[] _units;

    private SpikeTrain(long[] timesNs, int[] units) => (_timesNs, _units) = (timesNs, units);

    /// <summary>The spikes of the units in <paramref name="table"/>; others are of no use to a model that does not know them.</summary>
    public static SpikeTrain Of(Session session, UnitTable table)
    {
        var rows = new int[session.Units.Count];
        for (var unit = 0; unit < rows.Length; unit++) rows[unit] = table.TryGetRow(session.Units[unit], out var row) ? row : -1;
        var time = new SampleTimeline(0, session.SampleRateHz);
        var times = new List<long>(session.SpikeSamples.Length);
        var units = new List<int>(session.SpikeSamples.Length);
        for (var spike = 0; spike < session.SpikeSamples.Length; spike++)
        {
            var row = rows[session.SpikeUnits[spike]];
            if (row < 0) continue;
            times.Add(time.DataNs(session.SpikeSamples[spike]));
            units.Add(row);
        }

        return new SpikeTrain([.. times], [.. units]);
    }

    /// <summary>The spikes in [startNs, endNs).</summary>
    public SpikeWindow Window(long startNs, long endNs)
    {
        var first = FirstAt(startNs);
        var count = FirstAt(endNs) - first;
        return new SpikeWindow(startNs, endNs, _timesNs.AsSpan(first, count), _units.AsSpan(first, count));
    }

    /// <summary>Index of the first spike at or after a time.</summary>
    private int FirstAt(long timeNs)
    {
        var (low, high) = (0, _timesNs.Length);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (_timesNs[middle] < timeNs) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
