using Realtime.Models;

namespace Realtime.Host.Running;

/// <summary>Where a model's numbers come from, in the words of screen and report.</summary>
internal static class OriginText
{
    /// <summary>What a run with random weights must tell its reader.</summary>
    public const string RandomWarning = "The model's weights are random: nothing was learned. Times are real; answers and scores mean nothing.";

    /// <summary>"trained", "imported" or "random".</summary>
    public static string Word(WeightOrigin origin) => origin.ToString().ToLowerInvariant();
}
