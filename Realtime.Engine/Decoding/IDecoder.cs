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

    /// <summary>Forgets what earlier windows left behind: the next window begins a new stretch of time.</summary>
    void Reset();

    /// <summary>Windows are missing between the last call and the next one, which had no data to show. Forgets, unless the model's settings say otherwise.</summary>
    void AfterGap() => Reset();

    /// <summary>Answers one window.</summary>
    /// <param name="window">The spikes, ending at the moment asked about.</param>
    /// <param name="values">Receives one value for each of <see cref="DecoderDescription.Outputs"/>.</param>
    void Decode(in SpikeWindow window, Span<float> values);
}
