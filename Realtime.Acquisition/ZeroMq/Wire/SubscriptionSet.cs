namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>
/// Prefixes with how often each is subscribed, as ZeroMQ counts them. One thread changes the set; any thread may match against it.
/// </summary>
internal sealed class SubscriptionSet
{
    private readonly List<(byte[] Prefix, int Count)> _counts = [];
    private byte[][] _prefixes = [];

    /// <summary>Different prefixes.</summary>
    public int Count => Volatile.Read(ref _prefixes).Length;

    public byte[][] Prefixes => Volatile.Read(ref _prefixes);

    /// <summary>Adds one subscription; true when the prefix is new.</summary>
    public bool Add(ReadOnlySpan<byte> prefix)
    {
        var at = IndexOf(prefix);
        if (at >= 0)
        {
            _counts[at] = (_counts[at].Prefix, _counts[at].Count + 1);
            return false;
        }

        _counts.Add((prefix.ToArray(), 1));
        Publish();
        return true;
    }

    /// <summary>Takes one subscription back; true when the prefix is gone.</summary>
    public bool Remove(ReadOnlySpan<byte> prefix)
    {
        var at = IndexOf(prefix);
        if (at < 0) return false;
        var (bytes, count) = _counts[at];
        if (count > 1)
        {
            _counts[at] = (bytes, count - 1);
            return false;
        }

        _counts.RemoveAt(at);
        Publish();
        return true;
    }

    public bool Contains(ReadOnlySpan<byte> prefix) => IndexOf(prefix) >= 0;

    /// <summary>Whether the first frame of a message starts with any of the prefixes. An empty prefix matches all.</summary>
    public bool Matches(ReadOnlySpan<byte> first)
    {
        foreach (var prefix in Volatile.Read(ref _prefixes))
        {
            if (first.StartsWith(prefix)) return true;
        }

        return false;
    }

    private int IndexOf(ReadOnlySpan<byte> prefix)
    {
        for (var i = 0; i < _counts.Count; i++)
        {
            if (prefix.SequenceEqual(_counts[i].Prefix)) return i;
        }

        return -1;
    }

    private void Publish() => Volatile.Write(ref _prefixes, [.. _counts.Select(c => c.Prefix)]);
}
