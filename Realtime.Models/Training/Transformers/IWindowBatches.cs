using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Transformers;

/// <summary>The windows of each step: a function of the seed, the epoch and the step alone, so that training can go on anywhere. One thread.</summary>
public interface IWindowBatches
{
    /// <summary>Steps of one epoch, the same in all; at least 1.</summary>
    int StepsPerEpoch { get; }

    /// <summary>The windows of one step.</summary>
    IReadOnlyList<TrainingWindow> Batch(int epoch, int step);
}
