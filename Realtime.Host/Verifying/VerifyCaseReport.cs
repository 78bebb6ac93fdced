namespace Realtime.Host.Verifying;

/// <summary>One run of a model.</summary>
internal sealed record VerifyCaseReport(string Name, IReadOnlyList<VerifyStageReport> Stages, bool Pass);
