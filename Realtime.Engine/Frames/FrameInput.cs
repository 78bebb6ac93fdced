namespace Realtime.Engine.Frames;

/// <summary>Video frames as the decode loop reads them.</summary>
/// <param name="Ring">Filled by the receiving thread.</param>
/// <param name="Counters">The books.</param>
public sealed record FrameInput(FrameRing Ring, FrameCounters Counters);
