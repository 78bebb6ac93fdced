using System.Text.Json.Nodes;

namespace Realtime.Acquisition.Simulation;

/// <summary>The truth about one simulated unit.</summary>
/// <param name="Row">The unit's row in the session.</param>
/// <param name="Kind">What it is.</param>
/// <param name="DuplicateOf">Row of the copied unit; -1 unless <see cref="SimulatedUnitKind.Duplicate"/>.</param>
/// <param name="BaseHz">Rate away from what it is tuned to; summed over the neurons of a multi-unit.</param>
/// <param name="PeakHz">Highest rate of its tuning, likewise.</param>
/// <param name="Spikes">Spikes in the session.</param>
/// <param name="Parameters">Tuning and firing of each of its neurons, as written to truth.json.</param>
public sealed record SimulatedUnit(
    int Row, SimulatedUnitKind Kind, int DuplicateOf, double BaseHz, double PeakHz, int Spikes, IReadOnlyList<JsonObject> Parameters);
