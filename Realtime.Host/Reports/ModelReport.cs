using System.Text.Json.Serialization;
using Realtime.Host.Running;
using Realtime.Models;

namespace Realtime.Host.Reports;

/// <summary>The model that answered.</summary>
public sealed record ModelReport
{
    public string Name { get; init; } = "";

    /// <summary>Lower-case hexadecimal SHA-256 of the file.</summary>
    public string Hash { get; init; } = "";

    public string File { get; init; } = "";

    /// <summary>Where its numbers come from: "trained", "imported" or "random"; empty in reports of older programs.</summary>
    public string Weights { get; init; } = "";

    /// <summary>Whether it was found good enough to answer live: "unjudged", "fit", "unfit" or "forced"; empty in reports of older programs.</summary>
    public string Fitness { get; init; } = "";

    /// <summary>Whether its scores speak against it.</summary>
    [JsonIgnore]
    public bool IsUnfit => Fitness == FitnessText.Word(FitnessVerdict.Unfit) || Fitness == FitnessText.Word(FitnessVerdict.Forced);

    /// <summary>Whether nothing was learned, so that scores mean nothing.</summary>
    [JsonIgnore]
    public bool HasRandomWeights => Weights == OriginText.Word(WeightOrigin.Random);
}
