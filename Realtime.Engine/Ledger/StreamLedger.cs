namespace Realtime.Engine.Ledger;

/// <summary>
/// The books of one stream: every spike received is decoded or dropped for a reason, once.
/// The receiving thread and the decode thread each write their own counters; any thread may read them.
/// </summary>
public sealed class StreamLedger(string stream)
{
    private static readonly int Reasons = Enum.GetValues<DropReason>().Length;

    // Two arrays, so that the receiving and the decode thread never write the same cache line.
    private readonly long[] _byReceiver = new long[Reasons + 16];
    private readonly long[] _byDecoder = new long[Reasons + 16];
    private long _received;
    private long _decoded;
    private long _late;
    private long _lostUpstream;
    private long _restarts;

    public string Stream { get; } = stream;

    /// <summary>Spikes whose message arrived on the socket, well formed or not.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Spikes that were part of the window of at least one decoder call.</summary>
    public long Decoded => Volatile.Read(ref _decoded);

    /// <summary>Spikes that arrived after the tick they belong to had been answered; decoded by a later tick, or dropped as too late.</summary>
    public long Late => Volatile.Read(ref _late);

    /// <summary>Messages missing from the source's own numbering. They were never received, so they stand outside the balance.</summary>
    public long LostUpstream => Volatile.Read(ref _lostUpstream);

    public long Restarts => Volatile.Read(ref _restarts);

    public long Dropped(DropReason reason) => Volatile.Read(ref _byReceiver[(int)reason]) + Volatile.Read(ref _byDecoder[(int)reason]);

    public long DroppedTotal
    {
        get
        {
            long total = 0;
            for (var reason = 0; reason < Reasons; reason++) total += Dropped((DropReason)reason);
            return total;
        }
    }

    /// <summary>Spikes received and neither decoded nor dropped yet. Zero once a run has ended.</summary>
    public long InFlight => Received - Decoded - DroppedTotal;

    /// <summary>Receiving thread only.</summary>
    public void CountReceived() => Volatile.Write(ref _received, _received + 1);

    /// <summary>Receiving thread only.</summary>
    public void CountLostUpstream(long messages) => Volatile.Write(ref _lostUpstream, _lostUpstream + messages);

    /// <summary>Receiving thread only.</summary>
    public void CountRestart() => Volatile.Write(ref _restarts, _restarts + 1);

    /// <summary>Receiving thread only.</summary>
    public void DropOnReceive(DropReason reason) => Volatile.Write(ref _byReceiver[(int)reason], _byReceiver[(int)reason] + 1);

    /// <summary>Decode thread only.</summary>
    public void CountDecoded(long spikes) => Volatile.Write(ref _decoded, _decoded + spikes);

    /// <summary>Decode thread only.</summary>
    public void CountLate() => Volatile.Write(ref _late, _late + 1);

    /// <summary>Decode thread only.</summary>
    public void DropOnDecode(DropReason reason, long spikes = 1) => Volatile.Write(ref _byDecoder[(int)reason], _byDecoder[(int)reason] + spikes);
}
