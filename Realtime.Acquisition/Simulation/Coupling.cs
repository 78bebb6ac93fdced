namespace Realtime.Acquisition.Simulation;

/// <summary>One directed coupling of two simulated neurons.</summary>
/// <param name="Source">Row of the neuron whose spikes act.</param>
/// <param name="Target">Row of the neuron they act on.</param>
/// <param name="Weight">Change of the natural log of the target's rate at the effect's height; below 0 for inhibition.</param>
/// <param name="LagMs">From a spike to the start of its effect, whole ms.</param>
public readonly record struct Coupling(int Source, int Target, double Weight, int LagMs);
