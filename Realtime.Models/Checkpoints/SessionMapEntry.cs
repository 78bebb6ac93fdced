namespace Realtime.Models.Checkpoints;

/// <summary>Which recording a stitcher of an MtM checkpoint is of: the original keys stitchers by the number of neurons, and rows by a list of its own.</summary>
/// <param name="Session">The recording's id.</param>
/// <param name="Neurons">Its neurons, the stitcher's key.</param>
/// <param name="Row">Row of the session table: the recording's place in the list of target recordings, from 0.</param>
public readonly record struct SessionMapEntry(string Session, int Neurons, int Row);
