namespace Realtime.Models.Training.Transformers;

/// <summary>The samples of each step: a function of the seed, the epoch and the step alone, so that training can go on anywhere. One thread.</summary>
/// <typeparam name="T">What a batch is made of, such as windows or trials.</typeparam>
public interface IBatches<out T>
{
    /// <summary>Steps of one epoch, the same in all; at least 1.</summary>
    int StepsPerEpoch { get; }

    /// <summary>The samples of one step.</summary>
    IReadOnlyList<T> Batch(int epoch, int step);
}
