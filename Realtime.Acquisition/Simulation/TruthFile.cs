using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Acquisition.Simulation;

/// <summary>Writes what the simulator knows to truth.json, so that analyses can be judged against it.</summary>
internal static class TruthFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(SimulatedSession simulated, string path)
    {
        var truth = new JsonObject
        {
            ["parameters"] = Describe(simulated.Options),
            ["units"] = new JsonArray([.. simulated.Units.Select(Describe)]),
        };
        File.WriteAllText(path, truth.ToJsonString(Indented) + "\n");
    }

    public static JsonObject Describe(SimulationOptions options) => new()
    {
        ["kind"] = SimulationKindNames.Of(options.Kind),
        ["units"] = options.Units,
        ["minutes"] = options.Minutes,
        // As text: JSON readers keep only 53 bits of a number.
        ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
        ["rate_drift"] = options.RateDrift,
        ["tuning_drift"] = options.TuningDrift,
        ["silent_share"] = options.SilentShare,
        ["duplicate_share"] = options.DuplicateShare,
        ["multi_unit_share"] = options.MultiUnitShare,
        ["shared_noise"] = options.SharedNoise,
        ["burstiness"] = options.Burstiness,
    };

    private static JsonObject Describe(SimulatedUnit unit) => new()
    {
        ["row"] = unit.Row,
        ["kind"] = unit.Kind.ToString().ToLowerInvariant(),
        ["duplicate_of"] = unit.DuplicateOf < 0 ? null : unit.DuplicateOf,
        ["base_hz"] = unit.BaseHz,
        ["peak_hz"] = unit.PeakHz,
        ["spikes"] = unit.Spikes,
        ["neurons"] = new JsonArray([.. unit.Parameters.Select(neuron => neuron.DeepClone())]),
    };
}
