using Realtime.Engine.Time;

namespace Realtime.Models.Scores;

/// <summary>
/// Turns behaviour samples into the targets that answers are scored against: the mean of each target over [EndNs - TargetNs, EndNs). The
/// same class serves training, offline scoring and live scoring; the mean depends on the samples alone, not on the pieces they came in, so
/// the scores agree to the bit. One thread at a time; nothing is allocated after construction.
/// </summary>
/// <remarks>NaN and infinite samples are unknown and left out of the mean; a target without a known sample is NaN, and its answer is not
/// scored.</remarks>
public sealed class TargetAverager
{
    /// <summary>Samples kept per target: 16 s at 1 kHz, far more than an answer's age and target.</summary>
    public const int DefaultCapacity = 16384;

    private readonly TargetSource[] _targets;
    private readonly BehaviourHistory[] _histories;
    private readonly SampleTimeline _time;
    private readonly long _targetNs;

    /// <param name="targets">What to average; see <see cref="TargetSources"/>.</param>
    /// <param name="sampleRateHz">Rate of the sample numbers.</param>
    /// <param name="originSample">The sample whose data time is 0.</param>
    /// <param name="targetNs">Length of the interval, ns.</param>
    /// <param name="capacity">Samples kept per target.</param>
    public TargetAverager(IReadOnlyList<TargetSource> targets, double sampleRateHz, long originSample, long targetNs,
        int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetNs, 1);
        _targets = [.. targets];
        _histories = Array.ConvertAll(_targets, target => new BehaviourHistory(capacity, target.Transform));
        _time = new SampleTimeline(originSample, sampleRateHz);
        _targetNs = targetNs;
    }

    /// <summary>Number of targets.</summary>
    public int Count => _targets.Length;

    /// <summary>Samples given up because the history was full; means that needed them are of the rest.</summary>
    public long Overwritten { get; private set; }

    /// <summary>Forgets all samples (a restart of the source, a jump).</summary>
    public void Reset()
    {
        foreach (var history in _histories) history.Clear();
    }

    /// <summary>Takes one sample; samples of a channel should come in order, and are put in order when they do not.</summary>
    public void Add(long sample, int channel, float value)
    {
        for (var target = 0; target < _targets.Length; target++)
        {
            if (_targets[target].Channel != channel) continue;
            if (!_histories[target].Add(sample, float.IsFinite(value) ? value : float.NaN)) Overwritten++;
        }
    }

    /// <summary>Whether each target's channel has been seen up to <paramref name="endNs"/>, so that in-order samples can change its mean no
    /// more.</summary>
    public bool IsComplete(long endNs)
    {
        foreach (var history in _histories)
            if (history.Newest == long.MinValue || _time.DataNs(history.Newest) < endNs) return false;
        return true;
    }

    /// <summary>The means over [endNs - TargetNs, endNs), NaN where nothing is known.</summary>
    public void Mean(long endNs, Span<double> means)
    {
        for (var target = 0; target < _histories.Length; target++) means[target] = _histories[target].Mean(_time, endNs - _targetNs, endNs);
    }
}
