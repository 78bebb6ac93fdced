using System.Reflection;
using System.Text.Json.Nodes;
using Realtime.Models.Weights;

namespace Realtime.Models.Transformer;

/// <summary>What model files with random weights have in common.</summary>
internal static class RandomModel
{
    /// <summary>The file's own words about itself.</summary>
    public const string Note = "RANDOM WEIGHTS: nothing was learned. Good for measuring time; its answers mean nothing.";

    private const string Padding = "NA";

    /// <summary>Row 0 and the units' words; a unit's row is its place + 1.</summary>
    public static string[] UnitVocab(RandomModelOptions options) => [Padding, .. options.Units.Select(unit => unit.ToString())];

    public static int[] UnitRows(RandomModelOptions options) => [.. Enumerable.Range(1, options.Units.Count)];

    /// <summary>Row 0 and the session's word.</summary>
    public static string[] SessionVocab(RandomModelOptions options) => [Padding, SessionWord(options)];

    public static string SessionWord(RandomModelOptions options) => options.Session == Padding ? $"session {Padding}" : options.Session;

    /// <summary>The bytes of the file.</summary>
    public static byte[] Bytes(string kind, RandomModelOptions options, long binNs, JsonObject settings, IEnumerable<TensorData> tensors) =>
        ModelFile.ToBytes(new ModelConfig
        {
            Kind = kind,
            Units = options.Units,
            Outputs = options.Outputs,
            BinNs = binNs,
            Lags = 1,
            TargetNs = options.TargetNs,
            Settings = settings,
            Training = new TrainingRecord
            {
                Origin = WeightOrigin.Random,
                Session = options.Session,
                Train = [],
                Valid = [],
                Test = [],
                TargetMean = options.TargetMean.Count == 0 ? new double[options.Outputs.Count] : options.TargetMean,
                ProgramVersion = ProgramVersion,
                Seed = (long)options.Seed,
                Note = Note,
            },
        }, tensors);

    public static long Nanoseconds(double seconds) => (long)Math.Round(seconds * 1e9);

    private static string ProgramVersion { get; } =
        typeof(RandomModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
