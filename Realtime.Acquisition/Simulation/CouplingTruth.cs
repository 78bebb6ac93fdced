using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Acquisition.Recordings;

namespace Realtime.Acquisition.Simulation;

/// <summary>The couplings in a session folder's truth.json.</summary>
public static class CouplingTruth
{
    /// <summary>Name of this kind of simulation, as the command line and truth.json have it.</summary>
    public const string Kind = "coupled";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Reads the couplings of a session folder.</summary>
    /// <returns>Null where the folder has no truth.json, or one without couplings.</returns>
    /// <exception cref="InvalidDataException">truth.json cannot be read; the message says why.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static IReadOnlyList<Coupling>? Read(string folder)
    {
        var path = Path.Combine(folder, SessionFiles.Truth);
        if (!File.Exists(path)) return null;
        try
        {
            var truth = JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
            if (truth?["couplings"] is not JsonArray couplings) return null;
            return [.. couplings.Select(coupling => new Coupling(
                (int)coupling!["source"]!, (int)coupling["target"]!, (double)coupling["weight"]!, (int)coupling["lag_ms"]!))];
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new InvalidDataException($"{path} cannot be read as couplings ({problem.Message}). Write the session again with simulate-session, or take the file away.", problem);
        }
    }

    internal static void Write(CoupledSession simulated, string path)
    {
        var truth = new JsonObject
        {
            ["parameters"] = Describe(simulated.Options),
            ["couplings"] = new JsonArray([.. simulated.Couplings.Select(coupling => new JsonObject
            {
                ["source"] = coupling.Source,
                ["target"] = coupling.Target,
                ["weight"] = coupling.Weight,
                ["lag_ms"] = coupling.LagMs,
            })]),
        };
        File.WriteAllText(path, truth.ToJsonString(Indented) + "\n");
    }

    internal static JsonObject Describe(CoupledOptions options) => new()
    {
        ["kind"] = Kind,
        ["units"] = options.Units,
        ["minutes"] = options.Minutes,
        ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
        ["inputs"] = options.Inputs,
        ["rate_hz"] = options.RateHz,
        ["inhibitory_share"] = options.InhibitoryShare,
        ["strength"] = options.Strength,
    };
}
