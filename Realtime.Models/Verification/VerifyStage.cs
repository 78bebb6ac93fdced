namespace Realtime.Models.Verification;

/// <summary>One stage of a model against its reference.</summary>
/// <param name="Name">The reference tensor's name, such as "latents.after_enc_atn".</param>
/// <param name="MaxAbsDiff">Largest absolute difference over the rows that count; NaN when the engine gave NaN.</param>
/// <param name="Tolerance">Largest difference allowed.</param>
public sealed record VerifyStage(string Name, double MaxAbsDiff, double Tolerance)
{
    /// <summary>Written so that NaN fails.</summary>
    public bool Pass => MaxAbsDiff <= Tolerance;
}
