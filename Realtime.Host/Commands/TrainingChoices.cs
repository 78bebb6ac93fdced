using System.CommandLine;
using Realtime.Models.Training;

namespace Realtime.Host.Commands;

/// <summary>The options that say how to fit a model; shared by train and demo.</summary>
internal sealed class TrainingChoices
{
    public Option<string> Model { get; } = new("--model") { Description = "wiener, kalman or bayes.", DefaultValueFactory = _ => "wiener" };

    public Option<double?> BinMs { get; } = new("--bin-ms") { Description = "Length of a bin, ms." };

    public Option<int?> Lags { get; } = new("--lags") { Description = "Bins of history (wiener)." };

    public Option<string[]> Outputs { get; } = new("--outputs") { Description = "Behaviour channels to decode; default: cos_* and sin_* where there are any, else all.", AllowMultipleArgumentsPerToken = true };

    public Option<string?> Where { get; } = new("--where") { Description = "Bins to use, such as \"speed > 20\"." };

    public TrainingChoices() => Model.AcceptOnlyFromAmong([.. BaselineTrainer.Kinds]);

    public IEnumerable<Option> All => [Model, BinMs, Lags, Outputs, Where];

    public string Kind(ParseResult parsed) => parsed.GetValue(Model)!;

    public TrainingOptions Read(ParseResult parsed, TrainingOptions defaults) => defaults with
    {
        BinMs = OptionRange.Check("--bin-ms", parsed.GetValue(BinMs), 0.1, OptionRange.LongestMs) ?? defaults.BinMs,
        Lags = (int?)OptionRange.Check("--lags", parsed.GetValue(Lags), 1, 1000) ?? defaults.Lags,
        Outputs = parsed.GetValue(Outputs) is { Length: > 0 } names ? names : defaults.Outputs,
        Filter = parsed.GetValue(Where) ?? defaults.Filter,
    };
}
