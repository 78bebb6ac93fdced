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
        var spikes = Cut(folder, "spikes", notes, new(SessionFiles.SpikeTimes, RecordedColumn.Float64), new(SessionFiles.SpikeClusters, RecordedColumn.Int32));
        var channels = (meta["behaviour_channels"] as JsonArray)?.Count ?? 0;
        var rows = 0L;
        if (channels > 0 && Holds(folder, SessionFiles.BehaviourTimes, SessionFiles.BehaviourValues))
        {
            rows = Cut(folder, "behaviour rows", notes, new(SessionFiles.BehaviourTimes, RecordedColumn.Float64), new(SessionFiles.BehaviourValues, RecordedColumn.Float32, channels));
        }
        else if (channels > 0)
        {
            meta.Remove("behaviour_channels");
            File.Delete(Path.Combine(folder, SessionFiles.BehaviourTimes));
            notes.Add("The recording was cut off before the first row of behaviour: the session has none.");
        }

        var frames = CutFrames(folder, notes);
        var recording = meta[Recording]!.AsObject();
        recording[Complete] = true;
        recording[Repaired] = true;
        Replace(Path.Combine(folder, SessionFiles.Meta), meta);
        notes.Insert(0, $"{folder} was cut off while it was recorded; it was repaired and holds {spikes} spikes and {rows} rows of behaviour{(frames is { } count ? $", {count} video frames" : "")}.");
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

    /// <returns>The frames that are left; null where there are none at all.</returns>
    private static long? CutFrames(string folder, List<string> notes)
    {
        string[] files = [SessionFiles.FrameValues, SessionFiles.FrameTimes, SessionFiles.FrameArrivals];
        if (!files.Any(file => Holds(folder, file))) return null;
        if (Holds(folder, files)) return Cut(folder, "video frames", notes, FramesOf(folder), new(SessionFiles.FrameTimes, RecordedColumn.Float64), new(SessionFiles.FrameArrivals, RecordedColumn.Float64));
        foreach (var file in files) File.Delete(Path.Combine(folder, file));
        notes.Add("The recording was cut off before the first video frame: the session has none.");
        return null;
    }

    /// <summary>The pixels' file, whose own header tells what it holds.</summary>
    private static RecordedColumn FramesOf(string folder)
    {
        var path = Path.Combine(folder, SessionFiles.FrameValues);
        using var file = Open(folder, SessionFiles.FrameValues);
        var header = new byte[NpyFixedHeader.Bytes];
        file.Position = 0;
        file.ReadExactly(header);
        try
        {
            var (type, shape) = NpyFixedHeader.Read(header);
            if (shape.Count == 3) return new(SessionFiles.FrameValues, type, checked((int)shape[1]), checked((int)shape[2]));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            // Told below.
        }

        throw new SessionFormatException(path, "Its header is damaged.", "Take the files of frames away; the rest can then be repaired.");
    }

    private static bool Holds(string folder, params ReadOnlySpan<string> files)
    {
        foreach (var file in files)
            if (!File.Exists(Path.Combine(folder, file))) return false;
        return true;
    }

    /// <returns>The rows that all files hold.</returns>
    private static long Cut(string folder, string what, List<string> notes, params RecordedColumn[] columns)
    {
        var files = new List<FileStream>();
        try
        {
            foreach (var column in columns) files.Add(Open(folder, column.File));
            long[] rows = [.. files.Zip(columns, (file, column) => (file.Length - NpyFixedHeader.Bytes) / column.RowBytes)];
            if (rows.Max() != rows.Min()) notes.Add($"{rows.Max() - rows.Min()} {what} lay in {(columns.Length == 2 ? "one of two files" : "some of their files")} only and were taken off.");
            foreach (var (file, column) in files.Zip(columns)) Mend(file, column, rows.Min());
            return rows.Min();
        }
        finally
        {
            foreach (var file in files) file.Dispose();
        }
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

    private static void Mend(FileStream stream, RecordedColumn column, long rows)
    {
        stream.SetLength(NpyFixedHeader.Bytes + rows * column.RowBytes);
        Span<byte> header = stackalloc byte[NpyFixedHeader.Bytes];
        NpyFixedHeader.Write(header, column.Type, rows, column.Row);
        stream.Position = 0;
        stream.Write(header);
    }
}
