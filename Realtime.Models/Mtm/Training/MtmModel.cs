using System.Reflection;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Mtm.Training;

/// <summary>Puts weights, sessions and head together to a model file. Any thread.</summary>
internal static class MtmModel
{
    /// <summary>Name of the behaviour head's tensors.</summary>
    public const string HeadName = "behaviour_head";

    /// <summary>The bytes of a model that decodes one of the sessions it was trained on; the same arguments give the same bytes.</summary>
    /// <param name="recipe">How it was trained.</param>
    /// <param name="recordings">On what.</param>
    /// <param name="sessions">As the model knows them.</param>
    /// <param name="live">Place of the session whose units it takes.</param>
    /// <param name="tensors">Under upstream's names.</param>
    /// <param name="head">Reads behaviour; null for a model that answers rates.</param>
    /// <param name="result">What came of the training.</param>
    /// <param name="note">The user's own words.</param>
    public static byte[] Bytes(MtmRecipe recipe, IReadOnlyList<MtmRecording> recordings, IReadOnlyList<MtmSession> sessions, int live,
        IReadOnlyList<TensorData> tensors, MtmBehaviourHead? head, TrainerResult result, string note)
    {
        var recording = recordings[live];
        var outputs = head?.Outputs ?? [.. recording.Session.Units.Units.Select(unit => new OutputChannel($"rate {unit}", "Hz"))];

        // Under the other prompts bins see later bins, so that a stream has to compute its window anew.
        var isCausal = head is not null || Trained(recipe).Contains(MtmPrompt.Causal);
        var settings = new MtmSettings
        {
            HyperParameters = recipe.Model,
            Sessions = sessions,
            Session = recording.Name,
            TrainedPrompts = [.. Trained(recipe)],
            Prompt = isCausal ? MtmPrompt.Causal : Trained(recipe).First(),
            Mode = isCausal ? Mode(recipe) : MtmLiveMode.Sliding,
            ContextBackward = recipe.ContextBackward,
            PrefixSeesBins = !isCausal || recipe.PrefixSeesBins,
            RootCounts = recipe.RootCounts,
            Readout = head is null ? "rates" : "behaviour",
            HeadBins = head?.Bins ?? 1,
        };
        IEnumerable<TensorData> headTensors = head is null ? [] :
        [
            TensorData.Of($"{HeadName}.weight", head.Weight, head.Outputs.Count, (long)head.Bins * recipe.Model.HiddenSize),
            TensorData.Of($"{HeadName}.bias", head.Bias, head.Outputs.Count),
        ];
        return ModelFile.ToBytes(new ModelConfig
        {
            Kind = MtmKind.Name,
            Units = recording.Session.Units.Units,
            Outputs = outputs,
            BinNs = recording.BinNs,
            Lags = 1,
            TargetNs = head is null ? recording.BinNs : (long)Math.Round(recipe.Behaviour!.TargetMs * 1e6),
            Settings = SettingsJson.Write(settings),
            Training = new TrainingRecord
            {
                Session = recording.Name,
                Train = Seconds(recording.Session.Train),
                Valid = Seconds(recording.Session.Valid),
                Test = Seconds(recording.Session.Test),
                TargetMean = head?.Means ?? Rates(recording),
                ValidationScore = head is not null && double.IsFinite(head.ValidationR2) ? head.ValidationR2 : null,
                ProgramVersion = ProgramVersion,
                Seed = recipe.Seed,
                Note = note,
                Sessions = recordings.Count == 1 ? null : [.. recordings.Select(each => each.Name)],
                Windows = result.Windows,
                Epochs = result.Curve.Count,
                BestEpoch = result.BestEpoch > 0 ? result.BestEpoch : null,
                RefittedWithValid = result.IsRefitted ? true : null,
                Recipe = recipe.ToJson(),
            },
        }, [.. MtmCentring.ToFile(tensors, recordings, sessions), .. headTensors]);
    }

    private static IEnumerable<MtmPrompt> Trained(MtmRecipe recipe) => Enum.GetValues<MtmPrompt>().Where(prompt => recipe.PromptShares[(int)prompt] > 0);

    // A limited context without learned positions needs no trials.
    private static MtmLiveMode Mode(MtmRecipe recipe) =>
        recipe is { Model: { UseRope: true, Pos: false }, ContextBackward: >= 1, PrefixSeesBins: false } ? MtmLiveMode.Rotary : MtmLiveMode.Trial;

    private static double[] Rates(MtmRecording recording)
    {
        var (spikes, bins) = MtmRecording.Totals(recording.Train, recording.Neurons);
        return Array.ConvertAll(spikes, count => count / (bins * (recording.BinNs / 1e9)));
    }

    private static double[][] Seconds(IEnumerable<TimeRange> ranges) => ranges.Select(range => new[] { range.Start, range.End }).ToArray();

    private static string ProgramVersion { get; } =
        typeof(MtmModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
