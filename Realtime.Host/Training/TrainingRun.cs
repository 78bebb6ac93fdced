namespace Realtime.Host.Training;

/// <summary>What a report says of the run itself; none of it is in the model.</summary>
/// <param name="ModelHash">Empty when no model was written.</param>
/// <param name="Seconds">Of the training, this time only where it went on from a checkpoint.</param>
/// <param name="WindowsPerSecond">Of the steps alone, scoring left out; NaN where there was none.</param>
/// <param name="Threads">That computed.</param>
/// <param name="Notes">Sentences the user should read.</param>
internal sealed record TrainingRun(string ModelHash, double Seconds, double WindowsPerSecond, int Threads, IReadOnlyList<string> Notes);
