namespace Realtime.Engine.Time;

/// <summary>
/// Sample numbers of one stream to data time and back, in integers: data time is ns since the origin sample, rounded down.
/// Exact for any rate given to the micro-hertz, so that a run and its replay place every spike on the same nanosecond.
/// </summary>
public readonly struct SampleTimeline
{
    // The largest distance from the origin, in samples, for which distance × 1e9 fits 63 bits.
    private const long FastRange = long.MaxValue / 1_000_000_000;

    private readonly long _wholeHz;
    private readonly long _microHz;

    /// <param name="originSample">The sample whose data time is 0.</param>
    /// <param name="rateHz">Samples per second, 1 mHz to 1 GHz.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside its range or not a number.</exception>
    public SampleTimeline(long originSample, double rateHz)
    {
        if (!(rateHz is >= 1e-3 and <= 1e9)) throw new ArgumentOutOfRangeException(nameof(rateHz), rateHz, "A sample rate must lie between 0.001 and 1e9 Hz.");
        OriginSample = originSample;
        RateHz = rateHz;
        _microHz = (long)Math.Round(rateHz * 1e6);
        _wholeHz = _microHz % 1_000_000 == 0 ? _microHz / 1_000_000 : 0;
    }

    public long OriginSample { get; }

    public double RateHz { get; }

    /// <summary>Data time of a sample, ns; negative before the origin. Sample numbers no clock can have are held at ±146 years, so that sums cannot overflow.</summary>
    public long DataNs(long sample)
    {
        var distance = sample - OriginSample;
        if (_wholeHz != 0 && distance is >= 0 and < FastRange) return distance * 1_000_000_000 / _wholeHz;
        var scaled = (Int128)distance * 1_000_000_000_000_000;
        var quotient = scaled / _microHz;
        if (scaled < 0 && quotient * _microHz != scaled) quotient--;
        return (long)Int128.Clamp(quotient, long.MinValue / 2, long.MaxValue / 2);
    }

    /// <summary>The first sample whose data time is at or after <paramref name="dataNs"/>.</summary>
    public long SampleAt(long dataNs)
    {
        var scaled = (Int128)dataNs * _microHz;
        var quotient = scaled / 1_000_000_000_000_000;
        if (scaled > 0 && quotient * 1_000_000_000_000_000 != scaled) quotient++;
        return OriginSample + (long)quotient;
    }
}
