using System.Reflection;
using System.Runtime.InteropServices;
using Realtime.Engine.Sessions;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>Puts weights, vocabulary and normalisation together to a model file, and takes them from one. Any thread.</summary>
public static class NeuroformerModel
{
    private const double NsPerMs = 1e6;

    /// <summary>The bytes of a model that decodes one of the sessions it was trained on; the same arguments give the same bytes.</summary>
    /// <param name="sessions">What it was trained on, and how.</param>
    /// <param name="live">The session whose units and normalisation it takes.</param>
    /// <param name="tensors">Of the network that is trained.</param>
    /// <param name="result">What came of the training; null while it goes on.</param>
    /// <param name="note">The user's own words.</param>
    public static byte[] Bytes(NeuroformerSessions sessions, TrainingSession live, IReadOnlyList<TensorData> tensors, TrainerResult? result = null, string note = "")
    {
        var (recipe, config) = (sessions.Recipe, sessions.Config);
        return ModelFile.ToBytes(new ModelConfig
        {
            Kind = NeuroformerKind.Name,
            Units = live.Session.Units.Units,
            Outputs = sessions.Sessions.Outputs,
            BinNs = sessions.WindowNs,
            Lags = 1,
            TargetNs = (long)Math.Round(recipe.TargetMs * NsPerMs),
            Settings = SettingsJson.Write(sessions.Settings with
            {
                UnitTokens = NeuroformerSessions.Tokens(live),
                UnitVocab = sessions.UnitVocab,
                LabelLag = recipe.LabelLag,
                OutputSd = live.OutputSd,
                OutputMean = live.OutputMean,
            }),
            Training = new TrainingRecord
            {
                Session = live.Session.Name,
                Train = Seconds(live.Session.Train),
                Valid = Seconds(live.Session.Valid),
                Test = Seconds(live.Session.Test),
                TargetMean = live.OutputMean,
                ValidationScore = result is { } done && double.IsFinite(done.BestScore) ? done.BestScore : null,
                Filter = recipe.Filter,
                ProgramVersion = typeof(NeuroformerModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
                Seed = recipe.Seed,
                Note = note,
                Sessions = sessions.Sessions.Sessions.Count == 1 ? null : [.. sessions.Sessions.Sessions.Select(session => session.Session.Name)],
                Windows = result?.Windows,
                DataSeconds = result?.Windows * (sessions.WindowNs / 1e9),
                Epochs = result?.Curve.Count,
                BestEpoch = result is { BestEpoch: > 0 } ? result.BestEpoch : null,
                RefittedWithValid = result is { IsRefitted: true } ? true : null,
                Recipe = recipe.ToJson(),
            },
        }, NeuroformerTrainable.FileTensors(tensors, config));
    }

    /// <summary>A network to train: drawn, or of a model's weights, where new units and targets are drawn.</summary>
    /// <param name="sessions">Prepared with the same model.</param>
    /// <param name="start">The model to go on from; null for none.</param>
    /// <exception cref="ModelFormatException">The model's tensors do not fit its settings.</exception>
    public static NeuroformerTrainable Network(NeuroformerSessions sessions, ModelFile? start = null)
    {
        var (recipe, config) = (sessions.Recipe, sessions.Config);
        var tensors = NeuroformerInitial.Tensors(config, (ulong)recipe.Seed, recipe.TokenSd);
        if (start is not null)
        {
            var former = Settings(start).HyperParameters;
            _ = NeuroformerWeights.Read(new WeightReader(start.Tensors), former);
            tensors = [.. tensors.Select(tensor => Of(tensor, start, former.Neurons, config))];
        }

        return NeuroformerTrainable.Of(tensors, config, recipe.Dropout);
    }

    /// <exception cref="ModelFormatException">The settings cannot be read, or the model is of another kind.</exception>
    public static NeuroformerSettings Settings(ModelFile file)
    {
        if (file.Config.Kind != NeuroformerKind.Name)
            throw new ModelFormatException(file.Name, "config.kind", $"is '{file.Config.Kind}', not '{NeuroformerKind.Name}'.", "Name a model of that kind.");
        return SettingsJson.Read<NeuroformerSettings>(file.Config.Settings, file.Name, "config.settings");
    }

    /// <summary>The model's own values where it has the tensor; the rows of units it does not know are drawn, before those of SOS, EOS and PAD.</summary>
    private static TensorData Of(TensorData drawn, ModelFile start, int neurons, NeuroformerConfig config)
    {
        if (!start.Tensors.Tensors.ContainsKey(drawn.Name)) return drawn;
        var values = MemoryMarshal.Cast<byte, float>(drawn.Bytes).ToArray();
        var own = new WeightReader(start.Tensors).Floats(drawn.Name, drawn.Name is "tok_emb.weight" or "head_id.weight" ? [neurons + 3, config.NEmbd] : [.. drawn.Shape]);
        if (own.Length == values.Length) return TensorData.Of(drawn.Name, own, [.. drawn.Shape]);
        own.AsSpan(0, neurons * config.NEmbd).CopyTo(values);
        own.AsSpan(neurons * config.NEmbd).CopyTo(values.AsSpan(config.Neurons * config.NEmbd));
        return TensorData.Of(drawn.Name, values, [.. drawn.Shape]);
    }

    private static double[][] Seconds(IEnumerable<TimeRange> ranges) => [.. ranges.Select(range => new[] { range.Start, range.End })];
}
