using Realtime.Models.Verification;

namespace Realtime.Host.Verifying;

/// <summary>What <c>rtdecode verify --json</c> prints (docs/verify.md).</summary>
/// <param name="Cases">At least one.</param>
/// <param name="Pass">Whether all cases pass.</param>
internal sealed record VerifyReport(IReadOnlyList<VerifyCaseReport> Cases, bool Pass)
{
    public static VerifyReport From(IReadOnlyList<VerifyCase> cases) => new(
        [.. cases.Select(result => new VerifyCaseReport(
            result.Name, [.. result.Stages.Select(stage => new VerifyStageReport(stage.Name, stage.MaxAbsDiff, stage.Tolerance, stage.Pass))], result.Pass))],
        cases.Count > 0 && cases.All(result => result.Pass));
}
