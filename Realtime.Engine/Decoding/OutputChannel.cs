namespace Realtime.Engine.Decoding;

/// <summary>One decoded quantity, such as hand_x in cm.</summary>
/// <param name="Name">The behaviour channel's name in the session it was trained on.</param>
/// <param name="Unit">Its physical unit, as text ("cm", "rad", "1").</param>
public readonly record struct OutputChannel(string Name, string Unit);
