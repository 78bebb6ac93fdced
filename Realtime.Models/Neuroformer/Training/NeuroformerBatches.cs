using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>The windows of some sessions in batches, a function of seed, epoch and step alone. One thread.</summary>
public sealed class NeuroformerBatches : IBatches<NeuroformerSample>
{
    internal const string NoWindow = "The sessions hold no training window, or none with video frames where the model reads them. Choose a shorter model.window_prev, longer training intervals, or sessions whose frames cover them.";

    private readonly NeuroformerSessions _sessions;
    private readonly SessionPart _part;
    private WindowPlace[] _places;
    private int _epoch;

    /// <exception cref="TrainingException">There is no window.</exception>
    public NeuroformerBatches(NeuroformerSessions sessions, SessionPart part)
    {
        (_sessions, _part) = (sessions, part);
        _places = sessions.Epoch(part, 0);
        if (_places.Length == 0) throw new TrainingException(NoWindow);
        StepsPerEpoch = (_places.Length + sessions.Recipe.BatchWindows - 1) / sessions.Recipe.BatchWindows;
    }

    public int StepsPerEpoch { get; }

    public IReadOnlyList<NeuroformerSample> Batch(int epoch, int step)
    {
        if (epoch != _epoch) (_places, _epoch) = (Places(epoch), epoch);

        // Fewer windows may have frames in another epoch than in the first, even than there are steps.
        var first = (long)step * _places.Length / StepsPerEpoch;
        var end = Math.Max(first + 1, (step + 1L) * _places.Length / StepsPerEpoch);
        var samples = new NeuroformerSample[end - first];
        for (var i = 0; i < samples.Length; i++) samples[i] = _sessions.Cut(_places[first + i], epoch);
        return NeuroformerSample.Batch(samples);
    }

    private WindowPlace[] Places(int epoch) => _sessions.Epoch(_part, epoch) is { Length: > 0 } places ? places : _sessions.Epoch(_part, 0);
}
