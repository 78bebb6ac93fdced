namespace Realtime.Models.Kernels;

/// <summary>A part of a <see cref="FloatArena"/>.</summary>
public readonly record struct FloatSlot(int Offset, int Length);
