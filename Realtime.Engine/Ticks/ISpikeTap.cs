namespace Realtime.Engine.Ticks;

/// <summary>
/// Is shown what a <see cref="DecodeLoop"/> takes in, in its order, so that it can be recorded as it was decoded. Decode thread only: must neither
/// block, allocate nor throw. Times are data ns.
/// </summary>
public interface ISpikeTap
{
    /// <summary>An epoch's ticks begin here: the first of them ends one hop later. Spikes may have been taken before.</summary>
    void Begin(long startNs);

    /// <summary>A spike came in time; it is decoded if its unit is one of the decoder's.</summary>
    /// <param name="dataNs">Its time.</param>
    /// <param name="unit">Its unit row; rows from the decoder's number of units on are of units that it does not know, counted by stream.</param>
    /// <param name="stream">Index of its stream.</param>
    void Take(long dataNs, int unit, int stream);

    /// <summary>The tick that ends at <paramref name="endNs"/> has been answered.</summary>
    /// <param name="endNs">Its end.</param>
    /// <param name="settledNs">No spike before this will be taken any more.</param>
    /// <param name="hostNs">Host time at which the tick was due: all that had arrived by then has been handled.</param>
    void Answered(long endNs, long settledNs, long hostNs);

    /// <summary>The epoch is over: data time begins anew with what arrived at <paramref name="hostNs"/> or later.</summary>
    void Restart(long hostNs);
}
