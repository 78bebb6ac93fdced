using System.Text;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>Notices that two processors of the GUI give spikes under one electrode name: a unit then is two, and its rate about double.
/// Receiving thread only, but for the counter.</summary>
internal sealed class SourceNodes(int units)
{
    private readonly int[] _nodes = new int[units];
    private readonly bool[] _seen = new bool[units];
    private long _conflicts;

    /// <summary>Spikes whose node was not the one that the unit's first spike came from.</summary>
    public long Conflicts => Volatile.Read(ref _conflicts);

    /// <summary>True when this spike comes from another node than the unit's first one.</summary>
    public bool Conflict(int row, int node)
    {
        if (!_seen[row])
        {
            _seen[row] = true;
            _nodes[row] = node;
            return false;
        }

        if (_nodes[row] == node) return false;
        Volatile.Write(ref _conflicts, _conflicts + 1);
        return true;
    }

    /// <summary>A restart may come with a rebuilt signal chain.</summary>
    public void Forget() => Array.Clear(_seen);

    public string Describe(int row, int node, ReadOnlySpan<byte> electrode) =>
        $"electrode '{Encoding.UTF8.GetString(electrode)}' comes from nodes {_nodes[row]} and {node}; "
        + "their spikes are taken as one unit's. Let only one spike detector or sorter feed the ZMQ Interface plugin";
}
