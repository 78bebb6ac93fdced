using Realtime.Engine.Decoding;

namespace Realtime.Models.Scores;

/// <summary>One target: the output it belongs to, and the behaviour channel it is made from.</summary>
/// <param name="Output">Name and unit of the target.</param>
/// <param name="Channel">Index of the behaviour channel.</param>
/// <param name="Transform">What is averaged.</param>
public readonly record struct TargetSource(OutputChannel Output, int Channel, TargetTransform Transform);
