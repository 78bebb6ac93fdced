using Realtime.Host.Configuration;
using Realtime.Models;
using Realtime.Models.Differentiation;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;

namespace Realtime.Host.Training;

/// <summary>Makes the recipe out of values that have each passed their check, and checks what keys say together.</summary>
internal static class TrainingRecipeBinder
{
    /// <summary>The recipe, or null with problems added.</summary>
    public static TrainingRecipe? Bind(ConfigValues root, ConfigProblems problems)
    {
        CheckTogether(root, problems);
        if (problems.Any) return null;
        var recipe = Recipe(root);
        try
        {
            recipe.Check();
            return recipe;
        }
        catch (ModelFormatException problem)
        {
            problems.Add(root.PlaceOf("model"), "model", $"{problem.Key.Replace("hyper_parameters.", "", StringComparison.Ordinal)} {problem.What}");
        }
        catch (TrainingException problem)
        {
            problems.Add(0, 0, "", problem.Message);
        }

        return null;
    }

    private static void CheckTogether(ConfigValues root, ConfigProblems problems)
    {
        var model = root.Section("model");
        if (root.Given("window_s") && model.Given("sequence_length") && root.Number("window_s") != model.Number("sequence_length"))
            problems.Add(root.PlaceOf("window_s"), "window_s", "differs from model.sequence_length, which means the same; remove one of them.");
        if (model.Definition.Find("bin_step") is not null && model.Given("bin_step") && model.Number("bin_step") != model.Number("bin_width"))
            problems.Add(model.PlaceOf("bin_step"), "model.bin_step", "must equal bin_width: chunks that overlap or leave holes are not supported.");
        var units = root.Section("unit_dropout");
        string[] numbers = ["min", "mode", "max"];
        if (numbers.Any(units.Given) && numbers.FirstOrDefault(key => !units.Given(key)) is { } missing)
            problems.Add(root.PlaceOf("unit_dropout"), $"unit_dropout.{missing}", "the key is missing; min, mode and max belong together.");
    }

    private static TrainingRecipe Recipe(ConfigValues root)
    {
        var model = root.Section("model");
        var schedule = root.Section("schedule");
        var dropout = root.Section("dropout");
        var units = root.Section("unit_dropout");
        var window = root.NumberOrNull("window_s") ?? model.Number("sequence_length");
        var recipe = new TrainingRecipe
        {
            Kind = root.Text("kind"),
            TargetMs = root.Number("target_ms"),
            Outputs = root.WordsOrNull("outputs"),
            Filter = root.TextOrNull("filter"),
            QueryStepMs = root.Number("query_step_ms"),
            BurnInS = root.Number("burn_in_s"),
            RespectSegments = root.Boolean("respect_segments"),
            OnePerInterval = root.Boolean("one_per_interval"),
            BatchWindows = (int)root.Integer("batch_windows"),
            Epochs = (int)root.Integer("epochs"),
            WindowsPerEpoch = (int)root.Integer("windows_per_epoch"),
            Optimizer = root.Choice<OptimizerKind>("optimizer"),
            LearningRate = root.Number("learning_rate"),
            WeightDecay = root.Number("weight_decay"),
            Schedule = new OneCycleRecipe
            {
                WarmUp = schedule.Number("warm_up"),
                DivFactor = schedule.Number("div_factor"),
                FinalDivFactor = schedule.Number("final_div_factor"),
                CycleBeta1 = schedule.Boolean("cycle_beta1"),
            },
            ClipNorm = root.Number("clip_norm"),
            Loss = root.Choice<LossKind>("loss"),
            Dropout = new DropoutRates
            {
                Ffn = dropout.Number("ffn"),
                Lin = dropout.Number("lin"),
                Atn = dropout.Number("atn"),
                Rnn = dropout.Number("rnn"),
                State = dropout.Number("state"),
            },
            UnitDropout = units.Given("min") ? new UnitDropout
            {
                Min = (int)units.Integer("min"),
                Mode = (int)units.Integer("mode"),
                Max = (int)units.Integer("max"),
                Upstream = units.Boolean("upstream"),
            } : null,
            UnitDropoutShare = root.Number("unit_dropout_share"),
            SpikeDropout = root.Number("spike_dropout"),
            TimeJitterMs = root.Number("time_jitter_ms"),
            AverageWeights = root.Number("average_weights"),
            Patience = (int)root.Integer("patience"),
            EvaluateEvery = (int)root.Integer("evaluate_every"),
            Seed = root.Integer("seed"),
            RefitWithValid = root.Boolean("refit_with_valid"),
        };
        return recipe.Kind == PoyoRandom.Kind ? recipe with { Poyo = Poyo(model, window) } : recipe with { Possm = Possm(model, window) };
    }

    private static PoyoConfig Poyo(ConfigValues model, double window) => new()
    {
        SequenceLength = window,
        LatentStep = model.Number("latent_step"),
        NumLatentsPerStep = (int)model.Integer("num_latents_per_step"),
        Dim = (int)model.Integer("dim"),
        Depth = (int)model.Integer("depth"),
        DimHead = (int)model.Integer("dim_head"),
        CrossHeads = (int)model.Integer("cross_heads"),
        SelfHeads = (int)model.Integer("self_heads"),
        TMin = model.Number("t_min"),
        TMax = model.Number("t_max"),
    };

    private static PossmConfig Possm(ConfigValues model, double window) => new()
    {
        SequenceLength = window,
        BinWidth = model.Number("bin_width"),
        BinStep = model.Number("bin_width"),
        NumLatents = (int)model.Integer("num_latents"),
        Dim = (int)model.Integer("dim"),
        Depth = (int)model.Integer("depth"),
        DimHead = (int)model.Integer("dim_head"),
        CrossHeads = (int)model.Integer("cross_heads"),
        SelfHeads = (int)model.Integer("self_heads"),
        RnnDim = (int)model.Integer("rnn_dim"),
        NumRnnLayers = (int)model.Integer("num_rnn_layers"),
        OutputCaCtxLim = (int)model.Integer("output_ca_ctx_lim"),
        TMin = model.Number("t_min"),
        TMax = model.Number("t_max"),
    };
}
