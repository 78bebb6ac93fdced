namespace Realtime.Models.Training.Transformers;

/// <summary>A session that a network was trained on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Units">Units, silent ones included.</param>
/// <param name="TrainSeconds">Length of its training intervals.</param>
public sealed record TrainedOn(string Name, int Units, double TrainSeconds);
