using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Acquisition.Recordings;

/// <summary>Completes a session whose recording was cut off: by a kill, a crash, a power cut.</summary>
public static class SessionRepair
{
    /// <summary>Key of meta.json that holds notes on a recording.</summary>
    public const string Recording = "recording";

    /// <summary>Key within <see cref="Recording"/>: whether the recording was brought to its end.</summary>
    public const string Complete = "complete";

    private const string Repaired = "repaired";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the folder is a recording that was not brought to its end. Other sessions are none.</summary>
    /// <exception cref="SessionFormatException">meta.json is missing or no JSON.</exception>
    public static bool IsNeeded(string folder) => ReadMeta(folder) is { } meta
        && meta[Recording] is JsonObject recording && recording[Complete] is JsonValue value && value.TryGetValue<bool>(out var complete) && !complete;

    /// <summary>Cuts the files to the rows that all of them hold, corrects their headers, and completes meta.json.</summary>
    /// <returns>What was found and done, a sentence each.</returns>
    /// <exception cref="SessionFormatException">A file is missing or was not made by a recording.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Repair(string folder)
    {
        var meta = ReadMeta(folder);
        var notes = new List<string>();
        var spikes = Cut(folder, SessionFiles.SpikeTimes, sizeof(double), new(NpyKind.Float, 8, false), 0, SessionFiles.SpikeClusters, sizeof(int), new(NpyKind.Signed, 4, false), 0, "spikes", notes);
        var channels = (meta["behaviour_channels"] as JsonArray)?.Count ?? 0;
        var rows = 0L;
        if (channels > 0 && File.Exists(Path.Combine(folder, SessionFiles.BehaviourTimes)) && File.Exists(Path.Combine(folder, SessionFiles.BehaviourValues)))
        {
            rows = Cut(folder, SessionFiles.BehaviourTimes, sizeof(double), new(NpyKind.Float, 8, false), 0, SessionFiles.BehaviourValues, sizeof(float) * channels, new(NpyKind.Float, 4, false), channels, "behaviour rows", notes);
        }
        else if (channels > 0)
        {
            meta.Remove("behaviour_channels");
            File.Delete(Path.Combine(folder, SessionFiles.BehaviourTimes));
            notes.Add("The recording was cut off before the first row of behaviour: the session has none.");
        }

        var recording = meta[Recording]!.AsObject();
        recording[Complete] = true;
        recording[Repaired] = true;
        Replace(Path.Combine(folder, SessionFiles.Meta), meta);
        notes.Insert(0, $"{folder} was cut off while it was recorded; it was repaired and holds {spikes} spikes and {rows} rows of behaviour.");
        return notes;
    }

    /// <summary>Writes a JSON file whole or not at all.</summary>
    internal static void Replace(string path, JsonObject json)
    {
        var part = path + ".part";
        File.WriteAllText(part, json.ToJsonString(Indented) + "\n");
        File.Move(part, path, overwrite: true);
    }

    private static JsonObject ReadMeta(string folder)
    {
        var path = Path.Combine(folder, SessionFiles.Meta);
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject
                ?? throw new SessionFormatException(path, "A JSON object {...} was expected.", "See docs/session-layout.md.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SessionFormatException(path, "The file does not exist.", "The recording never began: no tick was answered. Record again.", e);
        }
        catch (JsonException e)
        {
            throw new SessionFormatException(path, $"It is not valid JSON: {e.Message}", "Mend it, or record again.", e);
        }
    }

    private static long Cut(
        string folder, string first, int firstBytes, NpyDtype firstType, int firstColumns, string second, int secondBytes, NpyDtype secondType, int secondColumns, string what, List<string> notes)
    {
        using var one = Open(folder, first);
        using var other = Open(folder, second);
        var (rows, otherRows) = ((one.Length - NpyFixedHeader.Bytes) / firstBytes, (other.Length - NpyFixedHeader.Bytes) / secondBytes);
        var kept = Math.Min(rows, otherRows);
        if (rows != otherRows) notes.Add($"{Math.Abs(rows - otherRows)} {what} lay in one of two files only and were taken off.");
        Mend(one, firstBytes, firstType, firstColumns, kept);
        Mend(other, secondBytes, secondType, secondColumns, kept);
        return kept;
    }

    private static FileStream Open(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        if (!File.Exists(path)) throw new SessionFormatException(path, "The file does not exist.", "The recording was cut off before it began. Record again.");
        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var header = new byte[NpyFixedHeader.Bytes];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length && NpyFixedHeader.IsOne(header)) return stream;
        stream.Dispose();
        throw new SessionFormatException(path, "It does not begin as a recording's files do.", "Only what 'rtdecode run' recorded can be repaired.");
    }

    private static void Mend(FileStream stream, int rowBytes, NpyDtype type, int columns, long rows)
    {
        stream.SetLength(NpyFixedHeader.Bytes + rows * rowBytes);
        Span<byte> header = stackalloc byte[NpyFixedHeader.Bytes];
        NpyFixedHeader.Write(header, type, rows, columns);
        stream.Position = 0;
        stream.Write(header);
    }
}
