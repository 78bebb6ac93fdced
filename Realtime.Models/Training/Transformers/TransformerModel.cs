using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Realtime.Engine.Sessions;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Training.Windows;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Transformers;

/// <summary>Puts weights, vocabularies and normalisation together to a model file. Any thread.</summary>
public static class TransformerModel
{
    private const double NsPerMs = 1e6;

    /// <summary>The bytes of a model that decodes one of the sessions it was trained on; the same arguments give the same bytes.</summary>
    /// <param name="recipe">How it was trained.</param>
    /// <param name="sessions">What it was trained on.</param>
    /// <param name="live">The session whose units and normalisation it takes.</param>
    /// <param name="tensors">Under upstream's names, in the vocabularies' order.</param>
    /// <param name="result">What came of the training; null while it goes on.</param>
    /// <param name="note">The user's own words.</param>
    /// <param name="knownOnly">Whether to leave out what the live session lacks, so that it can be scored.</param>
    public static byte[] Bytes(TrainingRecipe recipe, TrainingSessions sessions, TrainingSession live, IReadOnlyList<TensorData> tensors,
        TrainerResult? result = null, string note = "", bool knownOnly = false)
    {
        int[] kept = [.. Enumerable.Range(0, sessions.Outputs.Count).Where(output => !knownOnly || live.Knows[output])];
        var trained = sessions.Sessions.Select(session => Trained(sessions, session, kept)).ToArray();
        var own = trained[sessions.Sessions.ToList().IndexOf(live)];
        return ModelFile.ToBytes(new ModelConfig
        {
            Kind = recipe.Kind,
            Units = live.Session.Units.Units,
            Outputs = [.. kept.Select(output => sessions.Outputs[output])],
            BinNs = RandomModel.Nanoseconds(recipe.Kind == PoyoRandom.Kind ? recipe.WindowS : recipe.Possm.BinWidth),
            Lags = 1,
            TargetNs = (long)Math.Round(recipe.TargetMs * NsPerMs),
            Settings = Settings(recipe, sessions, live, own, trained),
            Training = Record(recipe, sessions, live, own, result, note),
        }, kept.Length == sessions.Outputs.Count ? tensors : tensors.Select(tensor => Rows(tensor, kept)));
    }

    private static JsonObject Settings(TrainingRecipe recipe, TrainingSessions sessions, TrainingSession live, TrainedSession own, TrainedSession[] all) =>
        recipe.Kind == PoyoRandom.Kind
            ? SettingsJson.Write(new PoyoSettings
            {
                HyperParameters = recipe.Poyo,
                UnitVocab = sessions.UnitVocab,
                SessionVocab = sessions.SessionVocab,
                Session = live.Session.Name,
                UnitRows = live.UnitRows,
                OutputMean = own.OutputMean,
                OutputSd = own.OutputSd,
                Sessions = all,
            })
            : SettingsJson.Write(new PossmSettings
            {
                HyperParameters = recipe.Possm,
                UnitVocab = sessions.UnitVocab,
                SessionVocab = sessions.SessionVocab,
                Session = live.Session.Name,
                UnitRows = live.UnitRows,
                Tasks = [PossmRandom.Task],
                Task = PossmRandom.Task,
                OutputMean = own.OutputMean,
                OutputSd = own.OutputSd,
                Sessions = all,
            });

    private static TrainingRecord Record(TrainingRecipe recipe, TrainingSessions sessions, TrainingSession live, TrainedSession own, TrainerResult? result, string note) => new()
    {
        Session = live.Session.Name,
        Train = Seconds(live.Session.Train),
        Valid = Seconds(live.Session.Valid),
        Test = Seconds(live.Session.Test),
        TargetMean = own.OutputMean,
        ValidationScore = result is { } done && double.IsFinite(done.BestScore) ? done.BestScore : null,
        Filter = recipe.Filter,
        ProgramVersion = ProgramVersion,
        Seed = recipe.Seed,
        Note = note,
        Sessions = sessions.Sessions.Count == 1 ? null : [.. sessions.Sessions.Select(session => session.Session.Name)],
        Windows = result?.Windows,
        DataSeconds = result?.Windows * recipe.WindowS,
        Epochs = result?.Curve.Count,
        BestEpoch = result is { BestEpoch: > 0 } ? result.BestEpoch : null,
        RefittedWithValid = result is { IsRefitted: true } ? true : null,
        Recipe = TrainingRecipeJson.Write(recipe),
    };

    private static TrainedSession Trained(TrainingSessions sessions, TrainingSession session, int[] kept) => new()
    {
        Word = session.Session.Name,
        Units = session.UnitRows.Count,
        OutputMean = [.. kept.Select(output => session.OutputMean[output])],
        OutputSd = [.. kept.Select(output => session.OutputSd[output])],
        Lacks = [.. kept.Where(output => !session.Knows[output]).Select(output => sessions.Outputs[output].Name)],
    };

    /// <summary>A readout of some outputs only; other tensors as they are.</summary>
    private static TensorData Rows(TensorData tensor, int[] kept)
    {
        if (!tensor.Name.StartsWith("readout.", StringComparison.Ordinal)) return tensor;
        var values = MemoryMarshal.Cast<byte, float>(tensor.Bytes);
        var width = values.Length / (int)tensor.Shape[0];
        var rows = new float[kept.Length * width];
        for (var row = 0; row < kept.Length; row++) values.Slice(kept[row] * width, width).CopyTo(rows.AsSpan(row * width));
        return TensorData.Of(tensor.Name, rows, [kept.Length, .. tensor.Shape.Skip(1)]);
    }

    private static double[][] Seconds(IEnumerable<TimeRange> ranges) => ranges.Select(range => new[] { range.Start, range.End }).ToArray();

    private static string ProgramVersion { get; } =
        typeof(TransformerModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
