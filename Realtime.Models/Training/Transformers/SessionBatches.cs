using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Transformers;

/// <summary>The windows of some sessions in batches. An epoch whose windows are a few more or fewer spreads them over the same number of steps. One thread.</summary>
public sealed class SessionBatches : IBatches<TrainingWindow>
{
    private readonly TrainingSessions _sessions;
    private readonly SessionPart _part;
    private WindowPlace[] _places;
    private int _epoch;

    /// <param name="sessions">What is cut.</param>
    /// <param name="part">Which intervals.</param>
    /// <param name="batchWindows">Windows of a step, nearly.</param>
    /// <exception cref="TrainingException">There is no window.</exception>
    public SessionBatches(TrainingSessions sessions, SessionPart part, int batchWindows)
    {
        (_sessions, _part) = (sessions, part);
        _places = sessions.Epoch(part, 0);
        if (_places.Length == 0) throw new TrainingException("The sessions hold no training window. Choose a shorter window_s, or longer training intervals.");
        StepsPerEpoch = (_places.Length + batchWindows - 1) / batchWindows;
    }

    public int StepsPerEpoch { get; }

    public IReadOnlyList<TrainingWindow> Batch(int epoch, int step)
    {
        if (epoch != _epoch) (_places, _epoch) = (_sessions.Epoch(_part, epoch), epoch);
        var (first, end) = ((long)step * _places.Length / StepsPerEpoch, (step + 1L) * _places.Length / StepsPerEpoch);
        var windows = new TrainingWindow[end - first];
        for (var i = 0; i < windows.Length; i++) windows[i] = _sessions.Cut(_places[first + i], epoch);
        return windows;
    }
}
