namespace Realtime.Engine.Ticks;

/// <summary>The rising edge that begins a trial.</summary>
/// <param name="Stream">Index of the stream that carries it.</param>
/// <param name="Line">TTL line, from 0.</param>
public readonly record struct TrialTrigger(int Stream, int Line);
