using Realtime.Engine.Decoding;
using Realtime.Engine.Numerics;

namespace Realtime.Models.Training.Windows;

/// <summary>The spikes of one window while it is cut: times from its start, ns, ascending. One thread.</summary>
internal sealed class WindowSpikes
{
    public List<long> TimesNs { get; private set; } = [];

    public List<int> Units { get; private set; } = [];

    public void Add(long timeNs, int unit)
    {
        TimesNs.Add(timeNs);
        Units.Add(unit);
    }

    /// <summary>All spikes of a recorded window, times from its start.</summary>
    public void Add(in SpikeWindow window, long startNs)
    {
        for (var spike = 0; spike < window.Units.Length; spike++) Add(window.TimesNs[spike] - startNs, window.Units[spike]);
    }

    /// <summary>Plays the window backwards.</summary>
    public void Reverse(long lengthNs)
    {
        TimesNs.Reverse();
        Units.Reverse();
        for (var spike = 0; spike < TimesNs.Count; spike++) TimesNs[spike] = lengthNs - 1 - TimesNs[spike];
    }

    /// <summary>Shifts each spike by a normal deviate; at the window's ends they are turned back.</summary>
    public void Jitter(double sdNs, long lengthNs, PortableRandom random)
    {
        for (var spike = 0; spike < TimesNs.Count; spike++)
        {
            var moved = Math.Abs(TimesNs[spike] + (long)(random.Normal() * sdNs));
            if (moved > lengthNs - 1) moved = 2 * (lengthNs - 1) - moved;
            TimesNs[spike] = Math.Clamp(moved, 0, lengthNs - 1);
        }
    }

    /// <summary>Puts spikes in order of time, and of unit where times are equal.</summary>
    public void Sort()
    {
        var order = Enumerable.Range(0, TimesNs.Count).OrderBy(spike => TimesNs[spike]).ThenBy(spike => Units[spike]).ToArray();
        (TimesNs, Units) = ([.. order.Select(spike => TimesNs[spike])], [.. order.Select(spike => Units[spike])]);
    }
}
