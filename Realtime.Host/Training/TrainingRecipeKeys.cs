using Realtime.Host.Configuration;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;
using static Realtime.Host.Configuration.ConfigKeys;

namespace Realtime.Host.Training;

/// <summary>Every key of a recipe file, by the kind of model. Defaults come from the records; limits and their reasons stand here.</summary>
public static class TrainingRecipeKeys
{
    private const double MostEpochs = 1e6;
    private const double MostMs = 60_000;
    private const double MostSeconds = 600;
    private const double MostDropout = 0.99;
    private const double MostWidth = 4096;

    private static readonly TrainingRecipe Recipe = new();
    private static readonly OneCycleRecipe Schedule = new();
    private static readonly DropoutRates Dropout = new();

    /// <summary>The kinds of model that recipes are for.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [PoyoRandom.Kind, PossmRandom.Kind];

    /// <summary>The whole file.</summary>
    public static ConfigSection Root(string kind) => new("", [
        new ConfigKey { Name = "kind", Kind = ConfigKeyKind.Choice, Choices = Kinds, Required = true, Description = "Which network is trained." },
        Section("model", kind == PoyoRandom.Kind ? PoyoModel() : PossmModel(), "The network's shape, under upstream's names."),
        Number("window_s", null, 1e-3, MostSeconds, "Length of a training window; the same as model.sequence_length. POSSM: a whole number of chunks.", nullable: true),
        Number("target_ms", Recipe.TargetMs, 0.1, MostMs, "Length of the interval that an answer is about; it ends at the moment asked about, as live."),
        Words("outputs", 1, 64, "Behaviour channels to decode; left out: cos_* and sin_* where there are any, else all channels that hold a number."),
        Text("filter", null, "Which moments count, in training and in scores alike, such as \"speed > 20\".", nullable: true),
        Number("query_step_ms", Recipe.QueryStepMs, 0.1, MostMs, "POYO: distance of the moments asked about, back from the window's end. POSSM asks at the end of each chunk."),
        Number("burn_in_s", Recipe.BurnInS, 0, MostSeconds, "Moments earlier than this in a window carry no loss: the network has seen too little by then."),
        Boolean("respect_segments", Recipe.RespectSegments, "Whether windows stay clear of holes in the recording."),
        Boolean("one_per_interval", Recipe.OnePerInterval, "For trials: each segment gives one window, flush with its end, and is scored by the answer there."),
        Integer("batch_windows", Recipe.BatchWindows, 1, 65_536, "Windows of one step."),
        Integer("epochs", Recipe.Epochs, 1, MostEpochs, "Epochs at most; the schedule is laid over all of them."),
        Integer("windows_per_epoch", Recipe.WindowsPerEpoch, 0, 1e7, "Windows of one epoch, drawn anywhere; 0 covers the training intervals once."),
        Choice("optimizer", Recipe.Optimizer, "lamb is upstream's; adamw takes smaller learning rates."),
        Number("learning_rate", Recipe.LearningRate, 1e-12, 1e6, "At the peak of the schedule. Upstream with lamb: 3.125e-5 × batch_windows."),
        Number("weight_decay", Recipe.WeightDecay, 0, 10, "Pull of all weights to zero."),
        Section("schedule", new("schedule", [
            Number("warm_up", Schedule.WarmUp, 0, 1, "Share of all steps after which the rate begins to fall."),
            Number("div_factor", Schedule.DivFactor, 1, 1e12, "The first rate is learning_rate over this; 1 for a constant first part."),
            Number("final_div_factor", Schedule.FinalDivFactor, 1, 1e12, "The last rate is the first over this."),
            Boolean("cycle_beta1", Schedule.CycleBeta1, "Whether the first moment's decay goes from 0.95 to 0.85 and back meanwhile, as in PyTorch; else it is 0.9."),
        ]), "The course of the learning rate: a cosine up, a cosine down."),
        Number("clip_norm", Recipe.ClipNorm, 0, 1e12, "Longest gradient of a step; longer ones are shortened. 0: any."),
        Choice("loss", Recipe.Loss, "squared, or huber, which outliers pull less. Both of normalised outputs."),
        Section("dropout", new("dropout", [
            Number("ffn", Dropout.Ffn, 0, MostDropout, "Within feed-forward blocks."),
            Number("lin", Dropout.Lin, 0, MostDropout, "After both branches of processor layers."),
            Number("atn", Dropout.Atn, 0, MostDropout, "On attention weights."),
            Number("rnn", Dropout.Rnn, 0, MostDropout, "POSSM: between layers of the GRU."),
            Number("state", Dropout.State, 0, MostDropout, "POSSM: on what the decoder reads of the GRU. Not upstream's."),
        ]), "Shares dropped in training."),
        Section("unit_dropout", new("unit_dropout", [
            Integer("min", null, 1, 1e6, "Fewest units a window keeps; a session of fewer keeps all. Left out: no unit dropout of this kind.", nullable: true),
            Integer("mode", null, 1, 1e6, "Most frequent number of units kept.", nullable: true),
            Integer("max", null, 1, 1e6, "Most units kept.", nullable: true),
            Boolean("upstream", new UnitDropout { Min = 1, Mode = 1, Max = 1 }.Upstream, "Whether to draw as upstream's code does, whose rejection step flattens the triangle."),
        ]), "How many units each training window keeps, drawn from a triangle."),
        Number("unit_dropout_share", Recipe.UnitDropoutShare, 0, MostDropout, "Chance of each unit to be left out of a window; not together with unit_dropout."),
        Number("spike_dropout", Recipe.SpikeDropout, 0, MostDropout, "Chance of each spike to be left out."),
        Number("time_jitter_ms", Recipe.TimeJitterMs, 0, MostMs, "Standard deviation of what is added to spike times."),
        Number("average_weights", Recipe.AverageWeights, 0, 0.999999, "Decay of a running average of the weights, which is then what is scored and kept; 0: the weights themselves."),
        Integer("patience", Recipe.Patience, 0, MostEpochs, "Training ends after so many epochs without a better causal validation score; 0: never."),
        Integer("evaluate_every", Recipe.EvaluateEvery, 1, MostEpochs, "Epochs between two scorings."),
        Integer("seed", Recipe.Seed, 0, long.MaxValue, "Of everything random. The same seed, sessions and recipe give the same file."),
        Boolean("refit_with_valid", Recipe.RefitWithValid, "Whether to train once more from the start on training and validation intervals together, for as many steps as gave the best score."),
    ]);

    private static ConfigSection PoyoModel()
    {
        var shape = Recipe.Poyo;
        return new("model", [
            Number("sequence_length", shape.SequenceLength, 1e-3, MostSeconds, "The window, s."),
            Number("latent_step", shape.LatentStep, 1e-3, MostSeconds, "Distance of two groups of latents, s."),
            Integer("num_latents_per_step", shape.NumLatentsPerStep, 1, 16_384, "Latents of one group."),
            Integer("dim", shape.Dim, 1, MostWidth, "Width."),
            Integer("depth", shape.Depth, 0, 256, "Processor layers."),
            Integer("dim_head", shape.DimHead, 4, MostWidth, "Width of a head; a multiple of 4."),
            Integer("cross_heads", shape.CrossHeads, 1, MostWidth, "Heads of encoder and decoder."),
            Integer("self_heads", shape.SelfHeads, 1, MostWidth, "Heads of processor layers."),
            Number("t_min", shape.TMin, 1e-9, MostSeconds, "Shortest period of the rotary embedding, s."),
            Number("t_max", shape.TMax, 1e-9, 1e6, "Longest, s."),
        ]);
    }

    private static ConfigSection PossmModel()
    {
        var shape = Recipe.Possm;
        return new("model", [
            Number("sequence_length", shape.SequenceLength, 1e-3, MostSeconds, "The training window, s; a stream has no such bound."),
            Number("bin_width", shape.BinWidth, 1e-3, MostSeconds, "Length of a chunk, s: how often it answers."),
            Number("bin_step", null, 1e-3, MostSeconds, "Distance of two chunks, s; must equal bin_width.", nullable: true),
            Integer("num_latents", shape.NumLatents, 1, 256, "Latents of one chunk."),
            Integer("dim", shape.Dim, 1, MostWidth, "Width."),
            Integer("depth", shape.Depth, 0, 256, "Processor layers per chunk."),
            Integer("dim_head", shape.DimHead, 4, MostWidth, "Width of a head; a multiple of 4."),
            Integer("cross_heads", shape.CrossHeads, 1, MostWidth, "Heads of encoder and decoder."),
            Integer("self_heads", shape.SelfHeads, 1, MostWidth, "Heads of processor layers."),
            Integer("rnn_dim", shape.RnnDim, 1, MostWidth, "Width of the GRU."),
            Integer("num_rnn_layers", shape.NumRnnLayers, 1, 256, "Layers of the GRU."),
            Integer("output_ca_ctx_lim", shape.OutputCaCtxLim, 1, 1024, "Chunks that an answer reads."),
            Number("t_min", shape.TMin, 1e-9, MostSeconds, "Shortest period of the rotary embedding, s."),
            Number("t_max", shape.TMax, 1e-9, 1e6, "Longest, s."),
        ]);
    }
}
