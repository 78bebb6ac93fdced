using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>The windows of some sessions in batches, a function of seed, epoch and step alone. One thread.</summary>
public sealed class NeuroformerBatches : IBatches<NeuroformerSample>
{
    private readonly NeuroformerSessions _sessions;
    private readonly SessionPart _part;
    private WindowPlace[] _places;
    private int _epoch;

    /// <exception cref="TrainingException">There is no window.</exception>
    public NeuroformerBatches(NeuroformerSessions sessions, SessionPart part)
    {
        (_sessions, _part) = (sessions, part);
        _places = sessions.Sessions.Epoch(part, 0);
        if (_places.Length == 0) throw new TrainingException("The sessions hold no training window. Choose a shorter model.window_prev, or longer training intervals.");
        StepsPerEpoch = (_places.Length + sessions.Recipe.BatchWindows - 1) / sessions.Recipe.BatchWindows;
    }

    public int StepsPerEpoch { get; }

    public IReadOnlyList<NeuroformerSample> Batch(int epoch, int step)
    {
        if (epoch != _epoch) (_places, _epoch) = (_sessions.Sessions.Epoch(_part, epoch), epoch);
        var (first, end) = ((long)step * _places.Length / StepsPerEpoch, (step + 1L) * _places.Length / StepsPerEpoch);
        var samples = new NeuroformerSample[end - first];
        for (var i = 0; i < samples.Length; i++) samples[i] = _sessions.Cut(_places[first + i], epoch);
        return NeuroformerSample.Batch(samples);
    }
}
