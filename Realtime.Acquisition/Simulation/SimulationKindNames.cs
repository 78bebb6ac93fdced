namespace Realtime.Acquisition.Simulation;

/// <summary>The kinds as the command line and truth.json name them.</summary>
public static class SimulationKindNames
{
    public static IReadOnlyList<string> All { get; } = ["head-direction", "reach", "place", "visual"];

    /// <exception cref="ArgumentOutOfRangeException">No such kind.</exception>
    public static string Of(SimulationKind kind) => kind switch
    {
        SimulationKind.HeadDirection => All[0],
        SimulationKind.Reach => All[1],
        SimulationKind.Place => All[2],
        SimulationKind.Visual => All[3],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of simulation."),
    };

    /// <exception cref="ArgumentException">No kind has that name.</exception>
    public static SimulationKind Parse(string name) =>
        TryParse(name, out var kind) ? kind : throw new ArgumentException($"There is no kind of session '{name}'; known: {string.Join(", ", All)}.", nameof(name));

    /// <summary>The kind of that name, in any case; false where there is none.</summary>
    public static bool TryParse(string name, out SimulationKind kind)
    {
        foreach (var candidate in Enum.GetValues<SimulationKind>())
        {
            kind = candidate;
            if (string.Equals(name, Of(candidate), StringComparison.OrdinalIgnoreCase)) return true;
        }

        kind = default;
        return false;
    }
}
