using System.Diagnostics;
using Realtime.Host.Reports;

namespace Realtime.Host.Doctor;

/// <summary>How fine the clock is, how late sleeping threads wake, and how long busy ones are held up.</summary>
internal static class TimerCheck
{
    /// <summary>Spikes are stamped with this clock; a coarser one shows in the latency figures.</summary>
    private const double CoarseNs = 1_000;

    /// <summary>Windows' default timer tick is 15.6 ms; beyond a few ms the wake-up alone is a large part of a deadline.</summary>
    private const double SlowWakeUs = 3_000;

    /// <summary>A pause as long as the default deadline makes an answer late by itself.</summary>
    private const double LongPauseUs = 25_000;

    private const double NoticeablePauseUs = 5_000;

    public static CheckResult Run() => Judge(Measure());

    internal static CheckResult Judge(TimerMeasurement timer)
    {
        var seen = $"clock step {ReportText.Time(timer.ResolutionNs / 1e3)}; sleeps wake {ReportText.Time(timer.SleepMedianUs)} late "
            + "(median; "
            + $"worst {ReportText.Time(timer.SleepWorstUs)}); longest pause of a busy thread {ReportText.Time(timer.LongestPauseUs)}";
        if (timer.ResolutionNs > CoarseNs)
            return new("timer", CheckLevel.Warn, seen,
                "The clock is coarse; enable the high-resolution timer (HPET or TSC) in the BIOS or the virtual machine.");
        if (timer.LongestPauseUs >= LongPauseUs)
            return new("timer", CheckLevel.Fail, seen,
                "Threads are held up for longer than a deadline; close other programs, or give this machine more cores.");
        if (timer.LongestPauseUs >= NoticeablePauseUs || timer.SleepMedianUs >= SlowWakeUs)
            return new("timer", CheckLevel.Warn, seen,
                "Threads wake late; close other programs, turn off power saving, or set decode_thread.wait to spinning.");
        return new("timer", CheckLevel.Ok, seen);
    }

    private static TimerMeasurement Measure()
    {
        const int sleeps = 60;
        var overshoot = new double[sleeps];
        for (var index = 0; index < sleeps; index++)
        {
            var before = Stopwatch.GetTimestamp();
            Thread.Sleep(1);
            overshoot[index] = Math.Max(0, Stopwatch.GetElapsedTime(before).TotalMicroseconds - 1000);
        }

        Array.Sort(overshoot);
        var (pause, step) = Spin(TimeSpan.FromMilliseconds(300));
        return new TimerMeasurement(step, overshoot[sleeps / 2], overshoot[^1], pause);
    }

    private static (double LongestPauseUs, double StepNs) Spin(TimeSpan length)
    {
        long longest = 0;
        var smallest = long.MaxValue;
        var begin = Stopwatch.GetTimestamp();
        var last = begin;
        var end = begin + (long)(length.TotalSeconds * Stopwatch.Frequency);
        while (last < end)
        {
            var now = Stopwatch.GetTimestamp();
            var step = now - last;
            if (step > longest) longest = step;
            if (step > 0 && step < smallest) smallest = step;
            last = now;
        }

        return (longest * 1e6 / Stopwatch.Frequency, smallest * 1e9 / Stopwatch.Frequency);
    }
}
