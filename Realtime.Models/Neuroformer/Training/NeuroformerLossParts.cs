namespace Realtime.Models.Neuroformer.Training;

/// <summary>The parts of a loss, weighted.</summary>
public readonly record struct NeuroformerLossParts(double Id, double Dt, double Contrastive, double Behavior)
{
    /// <summary>Names of <see cref="Values"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["id", "dt", "contrastive", "behavior"];

    public double Total => Id + Dt + Contrastive + Behavior;

    public IReadOnlyList<double> Values => [Id, Dt, Contrastive, Behavior];
}
