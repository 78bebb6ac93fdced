namespace Realtime.Engine.Decoding;

/// <summary>Something that a decoder has counted since it was made.</summary>
/// <param name="Name">In snake_case, such as "cut_spikes".</param>
/// <param name="Count">How many.</param>
/// <param name="Meaning">A sentence's end for people, such as "spikes beyond the model's 98 per window were left out".</param>
public readonly record struct DecoderCount(string Name, long Count, string Meaning);
