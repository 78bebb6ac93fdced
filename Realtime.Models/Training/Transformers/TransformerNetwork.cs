using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Training.Windows;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Transformers;

/// <summary>Networks by recipe.</summary>
public static class TransformerNetwork
{
    /// <summary>A network with the initial weights of the recipe's seed.</summary>
    public static ITrainableNetwork Create(TrainingRecipe recipe, TrainingSessions sessions) =>
        Create(recipe, sessions.UnitVocab.Count, sessions.SessionVocab.Count, sessions.Outputs.Count);

    /// <summary>The same by the numbers of rows of the unit and session tables, NA included, and of outputs.</summary>
    public static ITrainableNetwork Create(TrainingRecipe recipe, int units, int sessions, int outputs) => Of(recipe, recipe.Kind == PoyoRandom.Kind
        ? PoyoRandom.Tensors(recipe.Poyo, units, sessions, outputs, (ulong)recipe.Seed)
        : PossmRandom.Tensors(recipe.Possm, units, sessions, outputs, (ulong)recipe.Seed));

    /// <summary>A network of given tensors, as model files hold them.</summary>
    /// <exception cref="ModelFormatException">They do not fit the recipe's model.</exception>
    public static ITrainableNetwork Of(TrainingRecipe recipe, IEnumerable<TensorData> tensors) => recipe.Kind == PoyoRandom.Kind
        ? PoyoTrainable.Of(tensors, recipe.Poyo, recipe.Dropout)
        : PossmTrainable.Of(tensors, recipe.Possm, recipe.Dropout);

    /// <summary>How the recipe cuts windows.</summary>
    public static WindowOptions Windows(TrainingRecipe recipe)
    {
        var isPossm = recipe.Kind == PossmRandom.Kind;
        return new WindowOptions
        {
            WindowSeconds = recipe.WindowS,
            Outputs = recipe.Outputs,
            TargetMs = recipe.TargetMs,
            Filter = recipe.Filter,
            OutsideWeight = recipe.OutsideWeight,
            QueryStepMs = isPossm ? recipe.Possm.BinWidth * 1e3 : recipe.QueryStepMs,
            WholeSteps = isPossm,
            BurnInSeconds = recipe.BurnInS,
            RespectSegments = recipe.RespectSegments,
            OnePerInterval = recipe.OnePerInterval,
            WindowsPerEpoch = recipe.WindowsPerEpoch,
            UnitDropout = recipe.UnitDropout,
            UnitDropoutShare = recipe.UnitDropoutShare,
            SpikeDropout = recipe.SpikeDropout,
            TimeJitterMs = recipe.TimeJitterMs,
            Aligned = recipe.Aligned,
            RecencySeconds = recipe.RecencyS,
            TimeReversal = recipe.TimeReversal,
            DonorShare = recipe.DonorShare,
            DonorNeighbours = recipe.DonorNeighbours,
            MirrorShare = recipe.MirrorShare,
            Seed = (ulong)recipe.Seed,
        };
    }
}
