namespace Realtime.Models.Training;

/// <summary>Sample numbers to data time in integers: ns since the origin sample, rounded down, as the decode loop reckons it.</summary>
internal readonly struct SampleTime
{
    private const long FastRange = long.MaxValue / 1_000_000_000;

    private readonly long _origin;
    private readonly long _wholeHz;
    private readonly long _microHz;

    public SampleTime(long originSample, double rateHz)
    {
        if (!(rateHz is >= 1e-3 and <= 1e9))
            throw new ArgumentOutOfRangeException(nameof(rateHz), rateHz, "A sample rate must lie between 0.001 and 1e9 Hz.");
        _origin = originSample;
        _microHz = (long)Math.Round(rateHz * 1e6);
        _wholeHz = _microHz % 1_000_000 == 0 ? _microHz / 1_000_000 : 0;
    }

    public long DataNs(long sample)
    {
        var distance = sample - _origin;
        if (_wholeHz != 0 && distance is >= 0 and < FastRange) return distance * 1_000_000_000 / _wholeHz;
        var scaled = (Int128)distance * 1_000_000_000_000_000;
        var quotient = scaled / _microHz;
        if (scaled < 0 && quotient * _microHz != scaled) quotient--;
        return (long)quotient;
    }
}
