namespace Realtime.Host.Running.Recording;

/// <summary>What the decode thread tells the recorder; see <see cref="Realtime.Engine.Ticks.IInputTap"/>. Blittable.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="DataNs">Time of the spike or frame, start of the epoch, or end of the tick; data ns.</param>
/// <param name="SettledNs">With a tick: no spike before this comes any more. With a frame: from when it could be used. Data ns.</param>
/// <param name="HostNs">With a tick or a restart: host ns.</param>
/// <param name="Unit">Unit row of the spike.</param>
/// <param name="Stream">Index of the spike's stream.</param>
public readonly record struct TappedEvent(TappedEventKind Kind, long DataNs, long SettledNs = 0, long HostNs = 0, int Unit = 0, int Stream = 0);
