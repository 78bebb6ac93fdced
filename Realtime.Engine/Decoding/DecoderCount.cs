namespace Realtime.Engine.Decoding;

/// <summary>How often a decoder has met something that it passes over.</summary>
/// <param name="Name">What, in plural: "spikes of unknown units".</param>
/// <param name="Count">Since it was made.</param>
public readonly record struct DecoderCount(string Name, long Count);
