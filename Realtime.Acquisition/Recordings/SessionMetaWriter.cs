using System.Text.Json.Nodes;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Recordings;

/// <summary>Puts a session's description into the form of meta.json.</summary>
internal static class SessionMetaWriter
{
    /// <exception cref="ArgumentException">An extra key is one that the session itself sets.</exception>
    public static JsonObject Build(Session session, IReadOnlyDictionary<string, JsonNode?>? extra)
    {
        var meta = new JsonObject
        {
            ["name"] = session.Name,
            ["source"] = session.Source,
            ["n_units"] = session.Units.Count,
            ["n_spikes"] = session.SpikeSamples.Length,
            ["n_behaviour_samples"] = session.BehaviourSamples.Length,
            ["sample_rate_hz"] = session.SampleRateHz,
            ["duration_s"] = session.DurationSeconds,
            ["behaviour_channels"] = new JsonArray([.. session.Behaviour.Select(channel =>
                new JsonObject { ["name"] = channel.Name, ["unit"] = channel.Unit })]),
            ["segments"] = Ranges(session.Segments),
            ["splits"] = new JsonObject
            {
                ["train"] = Ranges(session.Train),
                ["valid"] = Ranges(session.Valid),
                ["test"] = Ranges(session.Test),
            },
            ["unit_names"] = new JsonArray([.. session.Units.Units.Select(unit =>
                new JsonObject { ["stream"] = unit.Stream, ["electrode"] = unit.Electrode, ["sorted_id"] = unit.SortedId })]),
        };
        if (session.UnitRegions.Count > 0) meta["unit_region"] = new JsonArray([.. session.UnitRegions.Select(region => JsonValue.Create(region))]);
        foreach (var (key, value) in extra ?? new Dictionary<string, JsonNode?>())
        {
            if (meta.ContainsKey(key))
                throw new ArgumentException($"meta.json's key '{key}' is set from the session; rename the extra key.", nameof(extra));
            meta[key] = value?.DeepClone();
        }

        return meta;
    }

    private static JsonArray Ranges(IReadOnlyList<TimeRange> ranges) =>
        new([.. ranges.Select(range => new JsonArray(range.Start, range.End))]);
}
