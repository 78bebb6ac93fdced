namespace Realtime.Host.Doctor;

/// <summary>What one check found.</summary>
/// <param name="Name">Short name of the check ("timer").</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Measured">What was seen, with figures.</param>
/// <param name="Remedy">How to mend it; empty when nothing needs mending.</param>
public sealed record CheckResult(string Name, CheckLevel Level, string Measured, string Remedy = "");
