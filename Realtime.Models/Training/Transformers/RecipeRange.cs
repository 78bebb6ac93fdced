namespace Realtime.Models.Training.Transformers;

/// <summary>Ranges that recipes of all kinds share.</summary>
internal static class RecipeRange
{
    /// <summary>What <see cref="ITrainingRecipe"/> holds.</summary>
    /// <param name="recipe">Any.</param>
    /// <param name="mostWeightDecay">Largest weight decay.</param>
    /// <exception cref="TrainingException">A value is out of its range.</exception>
    public static void Check(ITrainingRecipe recipe, double mostWeightDecay)
    {
        Number("epochs", recipe.Epochs, 1, 1_000_000);
        Number("learning_rate", recipe.LearningRate, 1e-12, 1e6);
        Number("weight_decay", recipe.WeightDecay, 0, mostWeightDecay);
        Number("beta2", recipe.Beta2, 0, 0.999999);
        Number("schedule.warm_up", recipe.Schedule.WarmUp, 0, 1);
        Number("schedule.div_factor", recipe.Schedule.DivFactor, 1, 1e12);
        Number("schedule.final_div_factor", recipe.Schedule.FinalDivFactor, 1, 1e12);
        Number("clip_norm", recipe.ClipNorm, 0, 1e12);
        Number("average_weights", recipe.AverageWeights, 0, 0.999999);
        Number("patience", recipe.Patience, 0, 1_000_000);
        Number("evaluate_every", recipe.EvaluateEvery, 1, 1_000_000);
    }

    /// <exception cref="TrainingException">The value is not from low to high.</exception>
    public static void Number(string key, double value, double low, double high)
    {
        if (!(value >= low && value <= high)) throw Wrong(key, value, FormattableString.Invariant($"from {low} to {high}"));
    }

    /// <summary>"The recipe's KEY is VALUE; choose DUE."</summary>
    public static TrainingException Wrong(string key, object? value, string due) => new(FormattableString.Invariant($"The recipe's {key} is {value}; choose {due}."));
}
