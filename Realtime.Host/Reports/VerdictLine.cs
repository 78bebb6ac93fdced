namespace Realtime.Host.Reports;

/// <summary>One sentence of a verdict.</summary>
public sealed record VerdictLine(VerdictLevel Level, string Text);
