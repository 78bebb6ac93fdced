using System.Text.Json;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Engine.Text;

namespace Realtime.Acquisition.Recordings;

/// <summary>
/// Reads meta.json: n_units is required, all else optional. Keys it does not know are left alone, since recordings carry notes of their
/// own.
/// </summary>
internal static class SessionMetaReader
{
    // The largest probes in use give some thousand units; the bound keeps a mistyped count from taking memory.
    private const int MaxUnits = 1_000_000;

    private static readonly string[] SplitNames = ["train", "valid", "test"];

    /// <exception cref="SessionFormatException">The file is missing or a value is not what it should be.</exception>
    public static SessionMeta Read(string path)
    {
        var json = MetaJson.Open(path);
        var units = ReadUnitCount(json);
        return new SessionMeta
        {
            Path = path,
            Name = json.Text("name"),
            UnitCount = units,
            UnitNames = ReadUnitNames(json, path, units),
            UnitRegions = ReadUnitRegions(json, path, units),
            Channels = ReadChannels(json, path),
            DurationSeconds = ReadPositive(json, path, "duration_s"),
            SampleRateHz = ReadPositive(json, path, "sample_rate_hz"),
            Segments = ReadRanges(json, "segments"),
            Splits = ReadSplits(json, path),
            Source = ReadSource(json),
        };
    }

    private static int ReadUnitCount(MetaJson json)
    {
        if (!json.TryGet("n_units", out var value))
            throw json.Missing("n_units", "Add the number of units, one more than the highest cluster index.");
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count is >= 1 and <= MaxUnits) return count;
        throw json.Wrong("n_units", $"a whole number from 1 to {MaxUnits}", value);
    }

    private static UnitId[]? ReadUnitNames(MetaJson json, string path, int units)
    {
        if (json.List("unit_names") is not { } list) return null;
        if (list.Length != units)
            throw new SessionFormatException(path, $"unit_names has {list.Length} entries, n_units is {units}.",
                "Name every unit once, in cluster order.");
        var names = new UnitId[units];
        var seen = new Dictionary<UnitId, int>(units);
        for (var row = 0; row < units; row++)
        {
            var entry = json.Entry(list[row].Name, list[row].Value);
            var stream = entry.Text("stream") ?? throw entry.Missing("stream", "Name the data stream the unit comes from.");
            var electrode = entry.Text("electrode") ?? throw entry.Missing("electrode", "Name the electrode the unit comes from.");
            if (!entry.TryGet("sorted_id", out var id))
                throw entry.Missing("sorted_id", "Add the sorter's number of the unit; 0 = unsorted.");
            if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out var sorted))
                throw entry.Wrong("sorted_id", "a whole number", id);
            names[row] = new UnitId(stream, electrode, sorted);
            if (!seen.TryAdd(names[row], row))
                throw new SessionFormatException(path, $"unit_names has {names[row]} twice, in entries {seen[names[row]]} and {row}.",
                    "Give each unit its own name.");
        }

        return names;
    }

    private static string[] ReadUnitRegions(MetaJson json, string path, int units)
    {
        if (json.List("unit_region") is not { } list) return [];
        if (list.Length != units)
            throw new SessionFormatException(path, $"unit_region has {list.Length} entries, n_units is {units}.",
                "Name every unit's region, in cluster order, or leave the key out.");
        return [.. list.Select(entry => json.Text(entry.Name, entry.Value) is { Length: > 0 } region
            ? region : throw json.Wrong(entry.Name, "a region's name", entry.Value))];
    }

    private static OutputChannel[] ReadChannels(MetaJson json, string path)
    {
        if (json.List("behaviour_channels") is not { } list) return [];
        var channels = new OutputChannel[list.Length];
        for (var column = 0; column < list.Length; column++)
        {
            var entry = json.Entry(list[column].Name, list[column].Value);
            var name = entry.Text("name") ?? throw entry.Missing("name", "Name the behaviour column.");
            if (name.Length == 0 || channels.Take(column).Any(earlier => earlier.Name == name))
                throw new SessionFormatException(path, $"behaviour_channels has an empty name or '{name}' twice.",
                    "Give each column a name of its own.");
            channels[column] = new OutputChannel(name, entry.Text("unit") ?? "");
        }

        return channels;
    }

    private static double? ReadPositive(MetaJson json, string path, string key)
    {
        if (json.Number(key) is not { } value) return null;
        return value is > 0 and <= SessionTimes.MaxSeconds ? value
            : throw new SessionFormatException(path,
                $"Key '{key}' is {value}; a positive number up to {SessionTimes.MaxSeconds} is expected.", "Mend it.");
    }

    private static SessionSplits? ReadSplits(MetaJson json, string path)
    {
        if (json.Object("splits") is not { } splits) return null;
        foreach (var key in splits.Keys)
        {
            if (SplitNames.Contains(key)) continue;
            var near = NearestName.Find(key, SplitNames);
            throw new SessionFormatException(path, $"splits has the unknown key '{key}'.",
                near is null ? "Use train, valid and test." : $"Did you mean '{near}'?");
        }

        return new SessionSplits(ReadRanges(splits, "train") ?? [], ReadRanges(splits, "valid") ?? [], ReadRanges(splits, "test") ?? []);
    }

    private static TimeRange[]? ReadRanges(MetaJson json, string key)
    {
        if (json.List(key) is not { } list) return null;
        var ranges = new TimeRange[list.Length];
        for (var i = 0; i < list.Length; i++)
        {
            var (name, value) = list[i];
            if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2)
                throw json.Wrong(name, "[start, end] in seconds", value);
            ranges[i] = new TimeRange(json.Finite(name, value[0]), json.Finite(name, value[1]));
        }

        return ranges;
    }

    /// <summary>The source as text, or citation, repository and licence of the longer form put in one line.</summary>
    private static string ReadSource(MetaJson json)
    {
        var parts = new List<string?> { TextOrNull(json, "citation") };
        if (json.TryGet("source", out var source) && source.ValueKind == JsonValueKind.Object)
            parts.Add(TextOrNull(json.Entry("source", source), "repository"));
        else parts.Add(TextOrNull(json, "source"));
        if (TextOrNull(json, "licence") is { } licence) parts.Add($"licence: {licence}");
        return string.Join("; ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }

    // Free notes: whatever else a lab keeps under these keys is no reason to refuse its recording.
    private static string? TextOrNull(MetaJson json, string key) =>
        json.TryGet(key, out var value) && value.ValueKind == JsonValueKind.String ? json.Text(key) : null;
}
