using System.Globalization;
using Realtime.Models;

namespace Realtime.Host.Running;

/// <summary>Whether a model may answer live, in the words of screen and report.</summary>
internal static class FitnessText
{
    /// <summary>What becomes of a model that was never judged: linear decoders and imports are not.</summary>
    public static FitnessVerdict VerdictOf(TrainingRecord training) => training.Fitness?.Verdict ?? FitnessVerdict.Unjudged;

    /// <summary>"unjudged", "fit", "unfit" or "forced".</summary>
    public static string Word(FitnessVerdict verdict) => verdict.ToString().ToLowerInvariant();

    /// <summary>The words that mark names of files and folders; empty for models that need no mark.</summary>
    public static string Mark(FitnessVerdict verdict) => verdict is FitnessVerdict.Unfit or FitnessVerdict.Forced ? Word(verdict) : "";

    /// <summary>What a run with such a model must tell its reader, or null.</summary>
    public static string? Warning(LiveFitness? fitness) => fitness?.Verdict switch
    {
        FitnessVerdict.Unfit => $"The model was judged unfit for live use and runs because the rig config says model.allow_unfit: {Scores(fitness)}. Do not act on its answers.",
        FitnessVerdict.Forced => $"The model was marked for live use by force, against its scores: {Scores(fitness)}. Do not act on its answers without a reason of your own.",
        _ => null,
    };

    /// <summary>Why a run does not start with such a model, and what to do.</summary>
    public static string Refusal(LiveFitness fitness) =>
        $"the model was judged unfit for live use: {Scores(fitness)}. Calibrate or train it with more data, use the linear decoder ('rtdecode train --model wiener'), or set model.allow_unfit: true to run it all the same.";

    /// <summary>"mean R2 0.312, against 0.401 of wiener fitted to the same 2 min, on 60 s of session a that neither had seen (causal)".</summary>
    public static string Scores(LiveFitness fitness)
    {
        var seconds = fitness.HeldOut.Sum(range => range.Length == 2 ? range[1] - range[0] : 0);
        var baseline = fitness.Baseline is { } name ? string.Create(CultureInfo.InvariantCulture, $", against {Score(fitness.BaselineScore)} of {name} fitted to the same {fitness.Minutes:0.##} min") : "; no baseline could be fitted";
        return string.Create(CultureInfo.InvariantCulture, $"mean R2 {Score(fitness.Score)}{baseline}, on {seconds:0.#} s of session {fitness.Session} that it had not seen (causal)");
    }

    private static string Score(double? score) => score is { } value && double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : "undefined";
}
