using System.Globalization;

namespace Realtime.Models.Training.Windows;

/// <summary>How windows are cut from sessions, and what is asked in them.</summary>
public sealed record WindowOptions
{
    /// <summary>Length of a window, s.</summary>
    public double WindowSeconds { get; init; } = 1;

    /// <summary>Names of the outputs; null for what each session offers (cos_* and sin_* where there are any, else all channels that hold a
    /// number). A session may lack some of them.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Length of the interval that an answer is about, ms, ending at the moment asked about.</summary>
    public double TargetMs { get; init; } = 100;

    /// <summary>Which queries carry loss, such as "speed &gt; 20", by the channel's mean over the target's interval; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>Distance of the queries, back from the window's end, ms. POSSM: its chunk, so that each chunk is asked about at its
    /// end.</summary>
    public double QueryStepMs { get; init; } = 100;

    /// <summary>Whether a window must be a whole number of query steps, as POSSM's chunks must.</summary>
    public bool WholeSteps { get; init; }

    /// <summary>Queries earlier than this in a window carry no loss, s.</summary>
    public double BurnInSeconds { get; init; }

    /// <summary>Whether windows stay within the session's segments (unbroken stretches, trials).</summary>
    public bool RespectSegments { get; init; } = true;

    /// <summary>Whether each interval gives one window only, flush with its end: for trials.</summary>
    public bool OnePerInterval { get; init; }

    /// <summary>Windows of an epoch, drawn evenly; 0 to cover the intervals once.</summary>
    public int WindowsPerEpoch { get; init; }

    /// <summary>Units kept in a window, drawn from a triangle; null for all.</summary>
    public UnitDropout? UnitDropout { get; init; }

    /// <summary>Share of units that are dropped, each by itself, 0 to below 1; one is always kept. Not with <see
    /// cref="UnitDropout"/>.</summary>
    public double UnitDropoutShare { get; init; }

    /// <summary>Share of spikes that are dropped, 0 to below 1.</summary>
    public double SpikeDropout { get; init; }

    /// <summary>Standard deviation of what spikes are shifted by, ms; at the window's ends they are turned back.</summary>
    public double TimeJitterMs { get; init; }

    /// <summary>Seed of places, dropout and jitter.</summary>
    public ulong Seed { get; init; }

    internal long WindowNs => (long)Math.Round(WindowSeconds * 1e9);

    internal long TargetNs => (long)Math.Round(TargetMs * 1e6);

    internal long QueryStepNs => (long)Math.Round(QueryStepMs * 1e6);

    internal long BurnInNs => (long)Math.Round(BurnInSeconds * 1e9);

    /// <exception cref="TrainingException">An option is outside its range; the message names it.</exception>
    internal void Check()
    {
        In("window_s", WindowSeconds, 0.001, 3600, "s");
        In("target_ms", TargetMs, 0.1, 60_000, "ms");
        In("query_step_ms", QueryStepMs, 0.1, WindowSeconds * 1000, "ms (the window's length)");
        In("burn_in_s", BurnInSeconds, 0, WindowSeconds, "s (the window's length)");
        In("time_jitter_ms", TimeJitterMs, 0, WindowSeconds * 1000, "ms (the window's length)");
        if (BurnInNs >= WindowNs) throw Wrong("burn_in_s", BurnInSeconds, "less than window_s: no query would carry loss");
        if (!(UnitDropoutShare is >= 0 and < 1)) throw Wrong("unit_dropout_share", UnitDropoutShare, "from 0 to below 1");
        if (!(SpikeDropout is >= 0 and < 1)) throw Wrong("spike_dropout", SpikeDropout, "from 0 to below 1");
        if (WindowsPerEpoch < 0) throw Wrong("windows_per_epoch", WindowsPerEpoch, "0 (cover the intervals once) or more");
        UnitDropout?.Check();
        if (UnitDropout is not null && UnitDropoutShare > 0)
            throw new TrainingException("unit_dropout and unit_dropout_share are both given. Leave one out.");
        if (WholeSteps && WindowNs % QueryStepNs != 0)
            throw new TrainingException(string.Create(CultureInfo.InvariantCulture, $"window_s is {WindowSeconds} s, no whole number of chunks " +
                $"of {QueryStepMs} ms. Choose a multiple, such as {Math.Max(1, Math.Round(WindowSeconds * 1000 / QueryStepMs)) * QueryStepMs / 1000} s."));

        static void In(string option, double value, double from, double to, string unit)
        {
            if (!(value >= from && value <= to))
                throw Wrong(option, value, string.Create(CultureInfo.InvariantCulture, $"from {from} to {to} {unit}"));
        }
    }

    private static TrainingException Wrong(string option, double value, string range) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; choose {range}."));
}
