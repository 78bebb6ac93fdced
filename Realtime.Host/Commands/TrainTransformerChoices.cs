using System.CommandLine;
using Realtime.Host.Training;
using Realtime.Models.Mtm.Training;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Training.Transformers;

namespace Realtime.Host.Commands;

/// <summary>The options of train that are for transformers.</summary>
internal sealed class TrainTransformerChoices
{
    private const int MostThreads = 256;
    private const double LongestSeconds = 86_400;
    private const double MostEpochs = 1e6;

    private readonly Option<string?> _config = new("--config") { Description = "How to train a transformer: a recipe of this program (--list-configs) or a file, *.yaml or *.json (docs/training.md)." };

    private readonly Option<bool> _list = new("--list-configs") { Description = "Print the names of the recipes, and end." };

    private readonly Option<string?> _show = new("--show-config") { Description = "Print a recipe, to be saved and changed, and end." };

    private readonly Option<int?> _epochs = new("--epochs") { Description = "Epochs, in place of the recipe's." };

    private readonly Option<long?> _seed = new("--seed") { Description = "Seed, in place of the recipe's." };

    private readonly Option<int?> _threads = new("--threads") { Description = $"Threads that compute; the weights do not depend on it. Default: one per processor, at most {TransformerThreads.Most}." };

    private readonly Option<string?> _live = new("--live") { Description = "Name of the session whose units the model decodes; default: the last one." };

    private readonly Option<string?> _start = new("--start") { Description = "Model to go on from: a trained mtm for a session it does not know, a pretrained neuroformer for labels." };

    private readonly Option<string[]> _names = new("--name") { Description = "Names of the sessions in place of their own, one for each, in order.", AllowMultipleArgumentsPerToken = true };

    private readonly Option<string?> _checkpoint = new("--checkpoint") { Description = "File to keep the state of the training in; default: the model's path with .checkpoint." };

    private readonly Option<double?> _every = new("--checkpoint-seconds") { Description = "Time between two checkpoints, s; default: 60." };

    private readonly Option<bool> _resume = new("--resume") { Description = "Go on from the checkpoint, exactly as if nothing had happened." };

    private readonly Option<bool> _restart = new("--restart") { Description = "Begin anew although there is a checkpoint." };

    private readonly Option<string?> _report = new("--report") { Description = "Folder for report.html and report.json; default: the model's path with .report." };

    private readonly Option<bool> _noBaselines = new("--no-baselines") { Description = "Leave the linear decoders out of the table of scores." };

    public IEnumerable<Option> All => [_config, _list, _show, _epochs, _seed, _threads, _live, _start, _names, _checkpoint, _every, _resume, _restart, _report, _noBaselines];

    /// <summary>Prints recipes where that is asked for.</summary>
    public bool Print(ParseResult parsed)
    {
        if (parsed.GetValue(_show) is { } name) Console.Out.Write(TrainingPresets.Text(name));
        else if (parsed.GetValue(_list))
            foreach (var preset in TrainingPresets.Names) Console.Out.WriteLine($"{preset,-26} {TrainingPresets.Description(preset)}");
        else return false;
        return true;
    }

    /// <summary>The recipe with what the command line changes; null when a linear decoder is asked for.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or does not fit the options.</exception>
    public ITrainingRecipe? Recipe(ParseResult parsed, TrainingChoices choices)
    {
        var said = parsed.GetResult(choices.Model) is { Implicit: false };
        var kind = choices.Kind(parsed);
        var config = parsed.GetValue(_config);
        if (config is null && !RecipeFile.Kinds.Contains(kind)) return null;
        var recipe = TrainingPresets.Read(config ?? $"{kind}_small");
        if (said && recipe.Kind != kind)
            throw new UserErrorException($"--model is {kind}, and the recipe {config} is for {recipe.Kind}. Leave --model out, or choose another recipe.", ExitCode.Usage);
        foreach (var option in new Option[] { choices.BinMs, choices.Lags })
        {
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UserErrorException($"{option.Name} says how to fit a linear model, and a {recipe.Kind} model is trained by a recipe. Leave it out; the recipe's target_ms and window_s are its counterparts.", ExitCode.Usage);
        }

        var epochs = (int?)OptionRange.Check("--epochs", parsed.GetValue(_epochs), 1, MostEpochs) ?? recipe.Epochs;
        var seed = (long?)OptionRange.Check("--seed", parsed.GetValue(_seed), 0, 1L << 53) ?? recipe.Seed;
        var outputs = parsed.GetValue(choices.Outputs) is { Length: > 0 } named ? named : null;
        var filter = parsed.GetValue(choices.Where);
        if (parsed.GetValue(_start) is not null && recipe is TrainingRecipe)
            throw new UserErrorException($"--start is for mtm and neuroformer. A {recipe.Kind} model goes on to new units by 'rtdecode calibrate'.", ExitCode.Usage);
        return recipe switch
        {
            TrainingRecipe windows => windows with { Epochs = epochs, Seed = seed, Outputs = outputs ?? windows.Outputs, Filter = filter ?? windows.Filter },
            NeuroformerRecipe neuroformer => neuroformer with { Epochs = epochs, Seed = seed, Outputs = outputs ?? neuroformer.Outputs, Filter = filter ?? neuroformer.Filter },
            MtmRecipe mtm => filter is null && outputs is null
                ? mtm with { Epochs = epochs, Seed = seed }
                : throw new UserErrorException($"{(filter is null ? choices.Outputs.Name : choices.Where.Name)} does nothing for mtm: its recipe's 'behaviour' says what is read from its states. Leave it out.", ExitCode.Usage),
            _ => recipe,
        };
    }

    /// <exception cref="UserErrorException">A value is out of its range.</exception>
    public TrainTransformerOptions Options(ParseResult parsed, string model, string note) => new()
    {
        Model = model,
        Note = note,
        Threads = (int?)OptionRange.Check("--threads", parsed.GetValue(_threads), 1, MostThreads) ?? TransformerThreads.Default,
        Live = parsed.GetValue(_live),
        Start = parsed.GetValue(_start),
        Names = parsed.GetValue(_names) ?? [],
        Checkpoint = parsed.GetValue(_checkpoint) ?? model + ".checkpoint",
        CheckpointEvery = TimeSpan.FromSeconds(OptionRange.Check("--checkpoint-seconds", parsed.GetValue(_every), 0, LongestSeconds) ?? 60),
        Resume = parsed.GetValue(_resume),
        Restart = parsed.GetValue(_restart),
        Report = parsed.GetValue(_report) ?? model + ".report",
        Baselines = !parsed.GetValue(_noBaselines),
    };

    /// <exception cref="UserErrorException">An option is given that does nothing for a linear decoder.</exception>
    public void RefuseWithLinear(ParseResult parsed, string kind)
    {
        if (All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } idle)
            throw new UserErrorException($"{idle.Name} is for transformers, and --model is {kind}. Leave it out, or choose --model {string.Join(", ", RecipeFile.Kinds)}.", ExitCode.Usage);
    }
}
