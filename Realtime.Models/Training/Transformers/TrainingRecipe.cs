using System.Text.Json.Nodes;
using Realtime.Models.Differentiation;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Training.Windows;
using static Realtime.Models.Training.Transformers.RecipeRange;

namespace Realtime.Models.Training.Transformers;

/// <summary>
/// How to train a POYO or POSSM model; with the sessions, all that decides its weights. Immutable. The keys of recipe files are these names in
/// snake_case; see docs/training.md.
/// </summary>
public sealed record TrainingRecipe : ITrainingRecipe
{
    /// <summary>"poyo" or "possm".</summary>
    public string Kind { get; init; } = PossmRandom.Kind;

    /// <summary>The shape of a POYO model; its sequence length is the window.</summary>
    public PoyoConfig Poyo { get; init; } = PoyoConfig.Poyo1M;

    /// <summary>The shape of a POSSM model; its sequence length is the window.</summary>
    public PossmConfig Possm { get; init; } = PossmConfig.Small;

    /// <summary>Length of the interval that an answer is about, ms, ending at the moment asked about.</summary>
    public double TargetMs { get; init; } = 50;

    /// <summary>Behaviour channels to decode; null for the linear decoders' default.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Which moments count, in training and scores alike, such as "speed &gt; 20".</summary>
    public string? Filter { get; init; }

    /// <summary>What moments that the filter leaves out weigh in the loss all the same.</summary>
    public double OutsideWeight { get; init; }

    /// <summary>POYO: distance of the moments asked about, back from the window's end, ms. POSSM asks at the end of each chunk.</summary>
    public double QueryStepMs { get; init; } = 50;

    /// <summary>Moments earlier than this in a window carry no loss, s.</summary>
    public double BurnInS { get; init; }

    /// <summary>Whether windows stay clear of holes in the recording.</summary>
    public bool RespectSegments { get; init; } = true;

    /// <summary>Whether each interval gives one window, flush with its end, and is scored by one answer there: for trials.</summary>
    public bool OnePerInterval { get; init; }

    /// <summary>Windows of one step.</summary>
    public int BatchWindows { get; init; } = 64;

    /// <summary>Epochs at most.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Windows of one epoch; 0 to cover the training intervals once.</summary>
    public int WindowsPerEpoch { get; init; }

    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Lamb;

    /// <summary>At the peak of the schedule.</summary>
    public double LearningRate { get; init; } = 2e-3;

    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Decay of the second moment of gradients.</summary>
    public double Beta2 { get; init; } = 0.999;

    public OneCycleRecipe Schedule { get; init; } = new();

    /// <summary>Largest norm of a step's gradient; 0 for any.</summary>
    public double ClipNorm { get; init; } = 1;

    public LossKind Loss { get; init; } = LossKind.Squared;

    public DropoutRates Dropout { get; init; } = new();

    /// <summary>Null for none. Excludes <see cref="UnitDropoutShare"/>.</summary>
    public UnitDropout? UnitDropout { get; init; }

    /// <summary>Chance of each unit to be left out of a window.</summary>
    public double UnitDropoutShare { get; init; }

    /// <summary>Chance of each spike to be left out of a window.</summary>
    public double SpikeDropout { get; init; }

    /// <summary>Standard deviation of what is added to spike times, ms.</summary>
    public double TimeJitterMs { get; init; }

    /// <inheritdoc cref="WindowOptions.Aligned"/>
    public bool Aligned { get; init; }

    /// <inheritdoc cref="WindowOptions.RecencySeconds"/>
    public double RecencyS { get; init; }

    /// <inheritdoc cref="WindowOptions.TimeReversal"/>
    public double TimeReversal { get; init; }

    /// <inheritdoc cref="WindowOptions.DonorShare"/>
    public double DonorShare { get; init; }

    /// <inheritdoc cref="WindowOptions.DonorNeighbours"/>
    public int DonorNeighbours { get; init; } = new WindowOptions().DonorNeighbours;

    /// <inheritdoc cref="WindowOptions.MirrorShare"/>
    public double MirrorShare { get; init; }

    /// <summary>Decay of the running average of the weights, which is what is scored and kept; 0 for the weights themselves.</summary>
    public double AverageWeights { get; init; }

    /// <summary>Training stops after so many epochs without a better causal validation score; 0 for never.</summary>
    public int Patience { get; init; }

    /// <summary>Epochs between two scorings.</summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>The same seed, sessions and recipe give the same weights, to the bit, with any number of threads.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Whether to train once more from the start on training and validation intervals together, for as many steps as gave the best score.</summary>
    public bool RefitWithValid { get; init; }

    /// <summary>Length of a window, s.</summary>
    public double WindowS => Kind == PoyoRandom.Kind ? Poyo.SequenceLength : Possm.SequenceLength;

    /// <exception cref="TrainingException">A value is out of its range, or two contradict each other.</exception>
    /// <exception cref="ModelFormatException">The model cannot have this shape.</exception>
    public void Check()
    {
        if (Kind is not (PoyoRandom.Kind or PossmRandom.Kind)) throw Wrong("kind", Kind, $"'{PoyoRandom.Kind}' or '{PossmRandom.Kind}'");
        if (Kind == PoyoRandom.Kind) PoyoConfigCheck.Check(Poyo, "the recipe");
        else PossmConfigCheck.Check(Possm, "the recipe");
        Number("target_ms", TargetMs, 0.1, 60_000);
        Number("query_step_ms", QueryStepMs, 0.1, 60_000);
        Number("burn_in_s", BurnInS, 0, WindowS * 0.999);
        Number("batch_windows", BatchWindows, 1, 65_536);
        RecipeRange.Check(this, mostWeightDecay: 10);
        Number("windows_per_epoch", WindowsPerEpoch, 0, 10_000_000);
        Number("dropout.ffn", Dropout.Ffn, 0, 0.99);
        Number("dropout.lin", Dropout.Lin, 0, 0.99);
        Number("dropout.atn", Dropout.Atn, 0, 0.99);
        Number("dropout.rnn", Dropout.Rnn, 0, 0.99);
        Number("dropout.latent", Dropout.Latent, 0, 0.99);
        Number("dropout.state", Dropout.State, 0, 0.99);
        Number("unit_dropout_share", UnitDropoutShare, 0, 0.99);
        Number("spike_dropout", SpikeDropout, 0, 0.99);
        Number("time_jitter_ms", TimeJitterMs, 0, 60_000);
        if (UnitDropout is not { } units) return;
        if (units.Min < 1 || units.Mode < units.Min || units.Max < units.Mode)
            throw Wrong("unit_dropout", $"{units.Min}, {units.Mode}, {units.Max}", "min, mode and max from 1 up that do not fall");
        if (UnitDropoutShare > 0) throw Wrong("unit_dropout_share", UnitDropoutShare, "either it or unit_dropout");
    }

    /// <inheritdoc/>
    public JsonObject ToJson() => TrainingRecipeJson.Write(this);
}
