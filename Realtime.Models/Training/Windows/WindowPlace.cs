namespace Realtime.Models.Training.Windows;

/// <summary>Where a window lies.</summary>
/// <param name="Session">Index of the session in <see cref="TrainingSessions.Sessions"/>.</param>
/// <param name="StartNs">Data time of its start, ns.</param>
/// <param name="IntervalStartNs">Start of the interval it lies in: targets that reach back over it are unknown.</param>
/// <param name="Index">Its place in the epoch's order; picks its random draws.</param>
public readonly record struct WindowPlace(int Session, long StartNs, long IntervalStartNs, int Index);
