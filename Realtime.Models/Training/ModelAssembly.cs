using System.Reflection;
using System.Text.Json.Nodes;
using Realtime.Engine.Sessions;
using Realtime.Models.Weights;

namespace Realtime.Models.Training;

/// <summary>Puts config and tensors together, reads the result back, and scores it.</summary>
internal static class ModelAssembly
{
    public static ModelConfig Config(TrainingSet set, string kind, long binNs, int lags, long targetNs, double[] targetMean,
        double? penalty, double validation, JsonObject? settings) => new()
        {
            Kind = kind,
            Units = set.Session.Units.Units,
            Outputs = set.Outputs,
            BinNs = binNs,
            Lags = lags,
            TargetNs = targetNs,
            Settings = settings,
            Training = new TrainingRecord
            {
                Session = set.Session.Name,
                Train = Seconds(set.Session.Train),
                Valid = Seconds(set.Session.Valid),
                Test = Seconds(set.Session.Test),
                TargetMean = targetMean,
                Penalty = penalty,
                ValidationScore = double.IsFinite(validation) ? validation : null,
                Filter = set.Filter?.Text,
                ProgramVersion = ProgramVersion,
                Seed = set.Options.Seed,
                Note = set.Options.Note,
            },
        };

    public static AssembledModel Build(ModelConfig config, IEnumerable<TensorData> tensors)
    {
        var bytes = ModelFile.ToBytes(config, tensors);
        var file = ModelFile.Parse(bytes, "the fitted model");
        return new AssembledModel(bytes, file, ModelLoader.Create(file));
    }

    public static TrainedModel Finish(TrainingSet set, AssembledModel model, long stepNs, int trainBins,
        IReadOnlyList<Candidate> candidates,
        IReadOnlyList<string> notes, CancellationToken cancellation)
    {
        var constant = model.File.Config.Training.TargetMean;
        var report = new TrainingReport
        {
            TrainBins = trainBins,
            Candidates = candidates,
            Notes = notes,
            Validation = SessionEvaluator.Evaluate(model.Decoder, set.Session, set.Session.Valid, stepNs, set.Filter, constant,
                cancellation).Scores(),
            Test = SessionEvaluator.Evaluate(model.Decoder, set.Session, set.Session.Test, stepNs, set.Filter, constant, cancellation)
                .Scores(),
        };
        model.Decoder.Reset();
        return new TrainedModel(model.Bytes, model.File, model.Decoder, report);
    }

    /// <summary>The candidate with the best score; the first of equals, and the first of all where no score is defined.</summary>
    public static int Best(IReadOnlyList<Candidate> candidates)
    {
        var best = 0;
        for (var i = 1; i < candidates.Count; i++)
        {
            var score = candidates[i].ValidationScore;
            if (!double.IsNaN(score) && !(candidates[best].ValidationScore >= score)) best = i;
        }

        return best;
    }

    public static string SilentNote(TrainingSet set, IReadOnlyList<int> units) => units.Count == 0
        ? ""
        : $"{units.Count} of {set.Units} units never changed their count in the training bins and do not count: " +
            $"{string.Join(", ", units.Take(10).Select(unit => set.Session.Units[unit]))}" +
          (units.Count > 10 ? ", ..." : ".");

    private static string ProgramVersion { get; } =
        typeof(ModelAssembly).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static double[][] Seconds(IEnumerable<TimeRange> ranges) => ranges.Select(range => new[] { range.Start, range.End }).ToArray();
}
