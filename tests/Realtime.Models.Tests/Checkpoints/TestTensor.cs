namespace Realtime.Models.Tests.Checkpoints;

/// <summary>A contiguous tensor to be written.</summary>
/// <param name="Storage">Such as "FloatStorage".</param>
/// <param name="Shape">Lengths of the axes.</param>
/// <param name="Bytes">Its numbers.</param>
/// <param name="Count">Elements.</param>
internal sealed record TestTensor(string Storage, long[] Shape, byte[] Bytes, long Count);
