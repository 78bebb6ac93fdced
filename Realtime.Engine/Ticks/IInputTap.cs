namespace Realtime.Engine.Ticks;

/// <summary>
/// Is shown what a <see cref="DecodeLoop"/> takes in, in its order, so that it can be recorded as it was decoded. Decode thread only: must neither
/// block, allocate nor throw. Times are data ns.
/// </summary>
public interface IInputTap
{
    /// <summary>An epoch's ticks begin here: the first of them ends one hop later. Spikes may have been taken before.</summary>
    void Begin(long startNs);

    /// <summary>A spike came in time; it is decoded if its unit is one of the decoder's.</summary>
    /// <param name="dataNs">Its time.</param>
    /// <param name="unit">Its unit row; rows from the decoder's number of units on are of units that it does not know, counted by stream.</param>
    /// <param name="stream">Index of its stream.</param>
    void Take(long dataNs, int unit, int stream);

    /// <summary>The decoder was given a video frame; frames come in order of time.</summary>
    /// <param name="shownNs">When it was shown, as the decoder was told; may lie before the epoch's first tick.</param>
    /// <param name="fromNs">When it was shown or, where ticks after that had been answered by then, where the first tick begins that could use it.</param>
    /// <param name="pixels">As the decoder got them, [height, width]; valid during the call only.</param>
    /// <param name="areBytes">Whether they are whole numbers from 0 to 255.</param>
    void TakeFrame(long shownNs, long fromNs, ReadOnlySpan<float> pixels, bool areBytes);

    /// <summary>The tick that ends at <paramref name="endNs"/> has been answered.</summary>
    /// <param name="endNs">Its end.</param>
    /// <param name="settledNs">No spike before this will be taken any more.</param>
    /// <param name="hostNs">Host time at which the tick was due: all that had arrived by then has been handled.</param>
    void Answered(long endNs, long settledNs, long hostNs);

    /// <summary>The epoch is over: data time begins anew with what arrived at <paramref name="hostNs"/> or later.</summary>
    void Restart(long hostNs);
}
