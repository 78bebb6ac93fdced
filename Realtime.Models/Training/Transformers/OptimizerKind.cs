namespace Realtime.Models.Training.Transformers;

/// <summary>How gradients become steps.</summary>
public enum OptimizerKind
{
    /// <summary>Layer-wise adapted steps, upstream's choice.</summary>
    Lamb,

    /// <summary>Adam with decoupled weight decay.</summary>
    Adamw,
}
