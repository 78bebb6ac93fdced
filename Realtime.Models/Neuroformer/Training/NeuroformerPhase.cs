namespace Realtime.Models.Neuroformer.Training;

/// <summary>What a training of Neuroformer is for.</summary>
public enum NeuroformerPhase
{
    /// <summary>Behaviour and tokens together, from random weights.</summary>
    Scratch,

    /// <summary>Tokens only, from random weights: no label is read.</summary>
    Pretrain,

    /// <summary>Behaviour, from the weights of a model file.</summary>
    FineTune,
}
