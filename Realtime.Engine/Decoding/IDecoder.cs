namespace Realtime.Engine.Decoding;

/// <summary>
/// A decoder as the decode loop sees it. One thread at a time; allocates nothing in <see cref="Decode"/>;
/// bounded work for a bounded number of spikes; the same calls in the same order give the same bits.
/// </summary>
public interface IDecoder
{
    DecoderDescription Description { get; }

    /// <summary>Forgets what earlier windows left behind (after a restart, a gap, or a skipped tick).</summary>
    void Reset();

    /// <summary>Answers one window.</summary>
    /// <param name="window">The spikes, ending at the moment asked about.</param>
    /// <param name="values">Receives one value for each of <see cref="DecoderDescription.Outputs"/>.</param>
    void Decode(in SpikeWindow window, Span<float> values);
}
