namespace Realtime.Host.Doctor;

/// <summary>What a short measurement showed of the clock and the scheduler.</summary>
/// <param name="ResolutionNs">Smallest step of the monotonic clock.</param>
/// <param name="SleepMedianUs">Median of how much longer than asked a sleep of 1 ms took.</param>
/// <param name="SleepWorstUs">The worst of them.</param>
/// <param name="LongestPauseUs">Longest time for which a thread that never waits was not running.</param>
internal sealed record TimerMeasurement(double ResolutionNs, double SleepMedianUs, double SleepWorstUs, double LongestPauseUs);
