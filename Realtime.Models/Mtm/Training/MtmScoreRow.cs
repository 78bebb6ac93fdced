namespace Realtime.Models.Mtm.Training;

/// <summary>One predictor on one task in one session.</summary>
/// <param name="Session">Name of the session.</param>
/// <param name="Predictor">"mtm", "mean rate", "psth" or "low-rank glm".</param>
/// <param name="Task">What was predicted of what.</param>
/// <param name="Scores">By neuron.</param>
public sealed record MtmScoreRow(string Session, string Predictor, MtmTask Task, MtmNeuronScores Scores);
