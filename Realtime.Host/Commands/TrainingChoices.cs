using System.CommandLine;
using Realtime.Models.Training;

namespace Realtime.Host.Commands;

/// <summary>The options that say how to fit a model; shared by train and demo.</summary>
internal sealed class TrainingChoices
{
    private readonly IReadOnlyList<string> _others;
    private readonly string _reason;
    private readonly Func<ParseResult, string> _unnamed;

    public Option<string?> Model { get; } = new("--model");

    public Option<double?> BinMs { get; } = new("--bin-ms") { Description = "Length of a bin, ms." };

    public Option<int?> Lags { get; } = new("--lags") { Description = "Bins of history (wiener)." };

    public Option<string[]> Outputs { get; } = new("--outputs") { Description = "Behaviour channels to decode; default: cos_* and sin_* where there are any, else all.", AllowMultipleArgumentsPerToken = true };

    public Option<string?> Where { get; } = new("--where") { Description = "Bins to use, such as \"speed > 20\"." };

    /// <param name="others">Kinds that are accepted beside the linear ones; options of linear fits are refused with them.</param>
    /// <param name="how">What becomes of the others, for the description.</param>
    /// <param name="reason">Why options of linear fits do nothing for them.</param>
    /// <param name="unnamed">The kind where none is named; null for wiener.</param>
    /// <param name="unnamedText">That, for the description.</param>
    public TrainingChoices(IReadOnlyList<string> others, string how, string reason, Func<ParseResult, string>? unnamed = null, string unnamedText = "wiener")
    {
        (_others, _reason, _unnamed) = (others, reason, unnamed ?? (_ => "wiener"));
        Model.Description = $"{string.Join(", ", BaselineTrainer.Kinds)}; {how}: {string.Join(", ", others)}. Default: {unnamedText}.";
        Model.AcceptOnlyFromAmong([.. BaselineTrainer.Kinds, .. others]);
    }

    public IEnumerable<Option> All => [Model, BinMs, Lags, Outputs, Where];

    /// <summary>The kind that is named, or the one that is taken where none is.</summary>
    public string Kind(ParseResult parsed) => parsed.GetValue(Model) ?? _unnamed(parsed);

    /// <exception cref="UserErrorException">A value is out of its range, or does nothing for the kind of model.</exception>
    public TrainingOptions Read(ParseResult parsed, TrainingOptions defaults)
    {
        if (_others.Contains(Kind(parsed)) && new Option[] { BinMs, Lags, Where }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } idle)
            throw new UserErrorException($"{idle.Name} says how to fit a linear model, and a {Kind(parsed)} model {_reason}. Leave it out.", ExitCode.Usage);
        return defaults with
        {
            BinMs = OptionRange.Check("--bin-ms", parsed.GetValue(BinMs), 0.1, OptionRange.LongestMs) ?? defaults.BinMs,
            Lags = (int?)OptionRange.Check("--lags", parsed.GetValue(Lags), 1, 1000) ?? defaults.Lags,
            Outputs = parsed.GetValue(Outputs) is { Length: > 0 } names ? names : defaults.Outputs,
            Filter = parsed.GetValue(Where) ?? defaults.Filter,
        };
    }
}
