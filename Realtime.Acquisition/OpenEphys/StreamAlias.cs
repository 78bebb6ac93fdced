namespace Realtime.Acquisition.OpenEphys;

/// <summary>Says that the rig's stream is the one that the model's unit table knows under another name.</summary>
public readonly record struct StreamAlias(string Rig, string Model);
