namespace Realtime.Host.Doctor;

/// <summary>All checks of one call of <c>rtdecode doctor</c>; the content of its <c>--json</c>.</summary>
/// <param name="SchemaVersion">Version of this format.</param>
/// <param name="Worst">The worst level of any check.</param>
/// <param name="Checks">In the order in which they were made.</param>
public sealed record DoctorReport(int SchemaVersion, CheckLevel Worst, IReadOnlyList<CheckResult> Checks);
