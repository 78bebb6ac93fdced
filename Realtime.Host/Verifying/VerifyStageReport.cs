namespace Realtime.Host.Verifying;

/// <summary>One compared stage; the difference is null in JSON when it is not finite.</summary>
internal sealed record VerifyStageReport(string Name, double MaxAbsDiff, double Tolerance, bool Pass);
