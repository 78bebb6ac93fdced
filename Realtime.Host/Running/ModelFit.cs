using System.Globalization;
using Realtime.Acquisition.OpenEphys;
using Realtime.Engine.Decoding;
using Realtime.Engine.Text;
using Realtime.Engine.Ticks;
using Realtime.Host.Configuration;
using Realtime.Models;

namespace Realtime.Host.Running;

/// <summary>Whether the model that a rig config names can answer on that rig, as far as can be known before data come. Opens no port.</summary>
internal static class ModelFit
{
    /// <param name="config">A sound config whose model file is there.</param>
    /// <param name="summary">The model in a line, or empty where there is a problem.</param>
    /// <returns>Everything that keeps a run from starting, or from decoding any spike.</returns>
    public static IReadOnlyList<ConfigProblem> Check(RigConfig config, out string summary)
    {
        summary = "";
        var problems = new List<ConfigProblem>();
        using var file = Try("model.path", () => RigRun.ReadModel(config.ModelPath));
        if (file is null) return problems;
        var decoder = Try("model.path", () => RigDecoder.Create(config, file));
        if (decoder is null) return problems;
        using var owned = decoder as IDisposable;
        var description = decoder.Description;
        if (description.Outputs.Count > OutputValues.Capacity)
            Add("model.path", $"the model has {description.Outputs.Count} outputs; a run records {OutputValues.Capacity} at most.");
        if (Try("outputs.limits", () => RigPipeline.LoopOptions(config, description, long.MaxValue)) is { } loop)
            Try("ticks", () =>
            {
                DecodeLoop.Validate(loop, description);
                return loop;
            });
        var fitness = file.Config.Training.Fitness;
        if (fitness is { Verdict: FitnessVerdict.Unfit } && !config.Model.AllowUnfit) Add("model.path", FitnessText.Refusal(fitness));
        Try("units", () => new UnitMap(description.Units, RigPipeline.MapOptions(config)));
        foreach (var (key, message) in RigNeeds.Missing(config, description)) Add(key, message);
        AddStreams(config, description, Add);
        summary = string.Create(CultureInfo.InvariantCulture,
            $"{description.Name}, {OriginText.Word(file.Config.Training.Origin)} weights, {description.Units.Count} units, window {description.WindowNs * 1e-6:0.###} ms")
            + $", outputs {string.Join(", ", description.Outputs.Select(output => output.Name))}";
        if (file.Config.Training.Origin == WeightOrigin.Random) summary += $". {OriginText.RandomWarning}";
        if (fitness is { Verdict: FitnessVerdict.Fit }) summary += $". Fit for live use: {FitnessText.Scores(fitness)}";
        else if (FitnessText.Warning(fitness) is { } unfit) summary += $". {unfit}";
        return problems;

        void Add(string key, string message) => problems.Add(new ConfigProblem(config.FilePath, 0, 0, key, message));

        T? Try<T>(string key, Func<T> check) where T : class
        {
            try
            {
                return check();
            }
            catch (Exception problem) when (problem is ArgumentException or UserErrorException)
            {
                Add(key, problem.Message);
                return null;
            }
        }
    }

    /// <summary>What the user of a config's model should bear in mind before a run, or null. The file must be readable.</summary>
    public static string? Caution(RigConfig config)
    {
        using var file = RigRun.ReadModel(config.ModelPath);
        return file.Config.Training.Origin == WeightOrigin.Random ? OriginText.RandomWarning : FitnessText.Warning(file.Config.Training.Fitness);
    }

    /// <summary>Sources whose every spike would be of an unknown unit; one that has another source's company may be there for its behaviour.</summary>
    private static void AddStreams(RigConfig config, DecoderDescription decoder, Action<string, string> add)
    {
        if (!config.Units.MatchStream) return;
        var streams = decoder.Units.Units.Select(unit => unit.Stream).Distinct().ToArray();
        if (config.Sources.Any(source => source.Stream is not { } name || Known(name))) return;
        var stream = config.Sources[0].Stream!;
        add("sources[0].stream",
            $"none of the model's {decoder.Units.Count} units is of stream '{stream}', so no spike would be decoded{NearestName.Hint(stream, streams)}. "
            + $"The model's streams: {string.Join(", ", streams)}. Name the stream that the model knows, bind units under units.bind, or set units.match_stream: false if only the stream's name differs.");

        bool Known(string name) => streams.Contains(name) || config.Units.Bind.Any(binding => binding.Rig.Stream == name);
    }
}
