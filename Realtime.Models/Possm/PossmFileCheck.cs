using Realtime.Engine.Text;
using Realtime.Models.Transformer;

namespace Realtime.Models.Possm;

/// <summary>Checks that settings, weights and config of a model file belong together.</summary>
internal static class PossmFileCheck
{
    private const string Again = "Import or train the model again, or mend the file's config.";
    private const int MaxVisibleTokens = 1_000_000;

    // 1 GB in float32: more does not answer within a chunk anyway.
    private const long MaxTable = 1L << 28;

    /// <exception cref="ModelFormatException">They do not.</exception>
    public static void Check(ModelFile file, PossmSettings settings, PossmWeights weights)
    {
        VocabularyCheck.Units(file, settings.UnitVocab, settings.UnitRows, weights.UnitCount);
        VocabularyCheck.Sessions(file, settings.SessionVocab, weights.SessionCount);
        Chunk(file, settings);
        Tasks(file, settings, weights);
        if (settings.VisibleTokens is < 0 or > MaxVisibleTokens)
            throw Wrong(file, "settings.visible_tokens", $"is {settings.VisibleTokens}; from 0 (strict) to {MaxVisibleTokens} are possible.");
        if (settings.ResetEveryChunks < 0) throw Wrong(file, "settings.reset_every_chunks", $"is {settings.ResetEveryChunks}; 0 (never) or more is due.");
        var config = weights.Config;
        Fits(file, "num_latents", (long)config.NumLatents * config.CrossHeads * config.DimHead * 2 * (settings.UnitRows.Count + 1));
        Fits(file, "output_ca_ctx_lim", (long)config.OutputCaCtxLim * config.CrossHeads * config.RnnDim);
    }

    private static void Chunk(ModelFile file, PossmSettings settings)
    {
        var (config, chunk) = (file.Config, settings.HyperParameters.BinWidth);
        if (Math.Abs(config.BinNs * 1e-9 - chunk) > 0.5e-9) throw Wrong(file, "bin_ns", $"is {config.BinNs}, but hyper_parameters.bin_width is {chunk} s.");
        if (config.Lags != 1) throw Wrong(file, "lags", $"is {config.Lags}; 1 is due, as one chunk is read at a time.");
        if (!(settings.QueryLag >= 0 && settings.QueryLag < chunk))
            throw Wrong(file, "settings.query_lag", $"is {settings.QueryLag} s; from 0 up to, but not including, a chunk of {chunk} s are possible.");
    }

    private static void Tasks(ModelFile file, PossmSettings settings, PossmWeights weights)
    {
        var readouts = weights.Readouts;
        if (settings.Tasks.Distinct(StringComparer.Ordinal).Count() != settings.Tasks.Count) throw Wrong(file, "settings.tasks", "names a task twice.");
        if (settings.Tasks.FirstOrDefault(task => !readouts.ContainsKey(task)) is { } unknown)
            throw Wrong(file, "settings.tasks", $"names '{unknown}', for which there is no readout.projections.{unknown}{NearestName.Hint(unknown, readouts.Keys)}.");
        if (settings.Tasks.Count != readouts.Count)
            throw Wrong(file, "settings.tasks", $"names {settings.Tasks.Count} tasks, but there are {readouts.Count} under readout.projections; ids follow the order of all of them.");
        if (!settings.Tasks.Contains(settings.Task))
            throw Wrong(file, "settings.task", $"is '{settings.Task}', which the model does not have{NearestName.Hint(settings.Task, settings.Tasks)}.");
        var due = readouts[settings.Task].Outputs;
        if (file.Config.Outputs.Count != due) throw Wrong(file, "outputs", $"names {file.Config.Outputs.Count} outputs; the readout '{settings.Task}' has {due}.");
    }

    private static void Fits(ModelFile file, string key, long numbers)
    {
        if (numbers > MaxTable) throw Wrong(file, "settings.hyper_parameters." + key, $"asks for a table of {numbers} numbers; up to {MaxTable} are possible.");
    }

    private static ModelFormatException Wrong(ModelFile file, string key, string what) => new(file.Name, "config." + key, what, Again);
}
