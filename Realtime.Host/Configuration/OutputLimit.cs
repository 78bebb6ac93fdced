namespace Realtime.Host.Configuration;

/// <summary>The range in which one output is believed, in the output's own unit, both ends inclusive.</summary>
public sealed record OutputLimit(string Output, double Min, double Max);
