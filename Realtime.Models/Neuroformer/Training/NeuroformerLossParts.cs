namespace Realtime.Models.Neuroformer.Training;

/// <summary>The parts of a loss, weighted.</summary>
public readonly record struct NeuroformerLossParts(double Id, double Dt, double Contrastive, double Behavior)
{
    public double Total => Id + Dt + Contrastive + Behavior;
}
