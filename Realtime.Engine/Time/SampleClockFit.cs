namespace Realtime.Engine.Time;

/// <summary>
/// Fits host time to the sample numbers of one stream: host ns = line(sample). Messages can only arrive late, never early, so the
/// line follows the lower envelope of the arrivals: the earliest arrival of each window, least squares for the rate, then
/// lowered onto the earliest. What it cannot see is the constant part of the delay (the source's own buffering).
/// Single-threaded; no allocation after construction.
/// </summary>
/// <remarks>The rules for corrections (dead band, slewing, confirmed steps) follow CereLink's clock_sync.h.</remarks>
public sealed class SampleClockFit
{
    private const double SlewShare = 0.2;
    private const int WindowsToSettle = 5;

    private readonly SampleClockFitOptions _options;
    private readonly double _nominalPeriodNs;

    // The earliest arrival of each closed window: nominal ns since the anchor, and lateness against the nominal clock.
    private readonly double[] _x;
    private readonly double[] _y;
    private int _count;
    private int _next;

    private long _anchorSample;
    private long _anchorNs;
    private bool _started;
    private long _windowEndNs;
    private double _windowX;
    private double _windowY;

    private double _offset;
    private double _slope;
    private double _spread;
    private int _stepVotes;
    private bool _driftOutOfRange;

    public SampleClockFit(SampleClockFitOptions options)
    {
        if (!(options.NominalRateHz is > 0 and < double.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(options), options.NominalRateHz, "The nominal rate must be a positive number of samples per second.");
        _options = options;
        _nominalPeriodNs = 1e9 / options.NominalRateHz;
        _x = new double[options.Windows];
        _y = new double[options.Windows];
    }

    /// <summary>False until the first arrival has been seen.</summary>
    public bool HasEstimate => _started;

    /// <summary>True once enough windows agree on a believable rate.</summary>
    public bool IsSettled => _count >= WindowsToSettle && !_driftOutOfRange;

    /// <summary>Counts the breaks in converted time: restarts and confirmed steps.</summary>
    public int Regime { get; private set; }

    /// <summary>The fitted rate against the nominal one, parts per million; positive when the device runs slow.</summary>
    public double DriftPpm => _slope * 1e6;

    /// <summary>Forgets everything: the source restarted.</summary>
    public void Reset()
    {
        if (_started) Regime++;
        _started = false;
        _count = _next = _stepVotes = 0;
        _offset = _slope = _spread = 0;
        _driftOutOfRange = false;
    }

    /// <summary>Takes one arrival: the newest sample a message proves to exist, and the host time at which the message was whole.</summary>
    public void Observe(long sample, long arrivalNs)
    {
        if (!_started)
        {
            _started = true;
            _anchorSample = sample;
            _anchorNs = arrivalNs;
            OpenWindow(arrivalNs, 0, 0);
            return;
        }

        var x = (sample - _anchorSample) * _nominalPeriodNs;
        var y = arrivalNs - _anchorNs - x;

        // An arrival before the line proves that the line is late, whatever the window says; small corrections need no vote.
        var early = _offset + _slope * x - y;
        if (early > 0 && (early <= _options.StepNs || _count == 0)) _offset -= early;

        if (arrivalNs >= _windowEndNs)
        {
            CloseWindow();
            OpenWindow(arrivalNs, x, y);
        }
        else if (y - _slope * x < _windowY - _slope * _windowX)
        {
            _windowX = x;
            _windowY = y;
        }
    }

    /// <summary>Host monotonic time at which that sample was (or will be) on the host at the earliest, ns.</summary>
    public long HostNs(long sample)
    {
        var x = (sample - _anchorSample) * _nominalPeriodNs;
        return _anchorNs + (long)Math.Round(x + _offset + _slope * x);
    }

    /// <summary>The sample that stands at that host time, rounded to the nearest.</summary>
    public long SampleAt(long hostNs) => _anchorSample + (long)Math.Round((hostNs - _anchorNs - _offset) / (1 + _slope) / _nominalPeriodNs);

    /// <summary>Half width, ns, of the band in which the line's true position lies as far as arrivals can tell.</summary>
    public long UncertaintyNs(long sample)
    {
        if (!IsSettled) return (long)(_spread + _options.DeadBandNs);
        var x = (sample - _anchorSample) * _nominalPeriodNs;
        var newest = _x[(_next + _x.Length - 1) % _x.Length];
        var oldest = _x[_count < _x.Length ? 0 : _next];

        // Two bounds add up: how far the windows' earliest arrivals scatter, and what that scatter does to the rate when extrapolated.
        var ahead = Math.Max(0, x - newest);
        return (long)Math.Ceiling(_spread * (1 + ahead / Math.Max(1, newest - oldest)) + 1_000);
    }

    private void OpenWindow(long arrivalNs, double x, double y)
    {
        _windowEndNs = arrivalNs + _options.WindowNs;
        _windowX = x;
        _windowY = y;
    }

    private void CloseWindow()
    {
        var residue = _windowY - (_offset + _slope * _windowX);
        if (_count > 0 && Math.Abs(residue) > _options.StepNs)
        {
            // NB: a lone outlier is a stall of the network or of the host; only a repeated one is a new relation of the clocks.
            if (++_stepVotes < _options.StepConfirmations) return;
            _count = _next = 0;
            _offset = _windowY - _slope * _windowX;
            Regime++;
        }

        _stepVotes = 0;
        _x[_next] = _windowX;
        _y[_next] = _windowY;
        _next = (_next + 1) % _x.Length;
        _count = Math.Min(_count + 1, _x.Length);
        Refit();
    }

    private void Refit()
    {
        var limit = _options.MaxDriftPpm * 1e-6;
        var slope = _count < WindowsToSettle ? 0 : LeastSquaresSlope();
        _driftOutOfRange = Math.Abs(slope) > limit;
        slope = Math.Clamp(slope, -limit, limit);

        var lowest = double.PositiveInfinity;
        var highest = double.NegativeInfinity;
        for (var i = 0; i < _count; i++)
        {
            var residue = _y[i] - slope * _x[i];
            lowest = Math.Min(lowest, residue);
            highest = Math.Max(highest, residue);
        }

        _spread = highest - lowest;
        var newest = _x[(_next + _x.Length - 1) % _x.Length];
        var change = lowest + slope * newest - (_offset + _slope * newest);
        var applied = Math.Abs(change) <= _options.DeadBandNs ? change : SlewShare * change;
        _offset = _offset + _slope * newest + applied - slope * newest;
        _slope = slope;
    }

    private double LeastSquaresSlope()
    {
        double meanX = 0, meanY = 0;
        for (var i = 0; i < _count; i++)
        {
            meanX += _x[i];
            meanY += _y[i];
        }

        meanX /= _count;
        meanY /= _count;
        double xx = 0, xy = 0;
        for (var i = 0; i < _count; i++)
        {
            xx += (_x[i] - meanX) * (_x[i] - meanX);
            xy += (_x[i] - meanX) * (_y[i] - meanY);
        }

        return xx > 0 ? xy / xx : 0;
    }
}
