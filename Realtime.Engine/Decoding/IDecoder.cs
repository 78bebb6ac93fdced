namespace Realtime.Engine.Decoding;

/// <summary>
/// A decoder as the decode loop sees it. One thread at a time; allocates nothing in <see cref="Decode"/>;
/// bounded work for a bounded number of spikes; the same calls in the same order give the same bits.
/// </summary>
public interface IDecoder
{
    DecoderDescription Description { get; }

    /// <summary>What the system refused when the decoder's own threads were placed; empty where it has none. Any thread.</summary>
    IReadOnlyList<string> PlacementProblems => [];

    /// <summary>What it has left out or refused so far, such as spikes beyond a limit; empty where there is nothing to count. Any thread; allocates.</summary>
    IReadOnlyList<DecoderCount> Counts => [];

    /// <summary>Forgets what earlier windows left behind: the next window begins a new stretch of time.</summary>
    void Reset();

    /// <summary>Windows are missing between the last call and the next one, which had no data to show. Forgets, unless the model's settings say otherwise.</summary>
    void AfterGap() => Reset();

    /// <summary>A trial began. Called before the window that holds the moment is decoded, in order of time.</summary>
    /// <param name="dataNs">Data time, ns.</param>
    void BeginTrial(long dataNs)
    {
    }

    /// <summary>A video frame arrived; frames come in order of time, and a missing one does not come.</summary>
    /// <param name="dataNs">Data time at which it was shown, ns.</param>
    /// <param name="pixels">[height, width] of <see cref="DecoderDescription.Frames"/>; valid during the call only.</param>
    void TakeFrame(long dataNs, ReadOnlySpan<float> pixels)
    {
    }

    /// <summary>
    /// Does a bounded piece of the work that the coming window will need anyway, while nothing else is due. Answers are the same to the bit
    /// however often it is called, or never.
    /// </summary>
    /// <param name="soFar">What has arrived of the coming window.</param>
    /// <param name="settledNs">Spikes before this moment are all there; later ones may still change.</param>
    /// <returns>Whether there was something to do.</returns>
    bool Prepare(in SpikeWindow soFar, long settledNs) => false;

    /// <summary>Answers one window.</summary>
    /// <param name="window">The spikes, ending at the moment asked about.</param>
    /// <param name="values">Receives one value for each of <see cref="DecoderDescription.Outputs"/>.</param>
    void Decode(in SpikeWindow window, Span<float> values);
}
