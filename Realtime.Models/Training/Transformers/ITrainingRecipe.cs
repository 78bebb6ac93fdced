using System.Text.Json.Nodes;

namespace Realtime.Models.Training.Transformers;

/// <summary>What a <see cref="NetworkTrainer{T}"/> reads of a recipe. Immutable.</summary>
public interface ITrainingRecipe
{
    /// <summary>Epochs at most.</summary>
    int Epochs { get; }

    OptimizerKind Optimizer { get; }

    /// <summary>At the peak of the schedule.</summary>
    double LearningRate { get; }

    double WeightDecay { get; }

    /// <summary>Decay of the second moment of gradients.</summary>
    double Beta2 { get; }

    OneCycleRecipe Schedule { get; }

    /// <summary>Longest gradient of a step; 0 for any.</summary>
    double ClipNorm { get; }

    /// <summary>Decay of the running average of the weights; 0 for the weights themselves.</summary>
    double AverageWeights { get; }

    /// <summary>Training stops after so many epochs without a better validation score; 0 for never.</summary>
    int Patience { get; }

    /// <summary>Epochs between two scorings.</summary>
    int EvaluateEvery { get; }

    long Seed { get; }

    /// <summary>Whether to train once more from the start on training and validation intervals together, for as many steps as gave the best score.</summary>
    bool RefitWithValid { get; }

    /// <exception cref="TrainingException">A value is out of its range, or two contradict each other.</exception>
    void Check();

    /// <summary>Every key that counts, in a fixed order, in the form of a recipe file.</summary>
    JsonObject ToJson();
}
