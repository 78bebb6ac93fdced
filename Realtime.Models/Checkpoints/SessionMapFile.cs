using System.Globalization;

namespace Realtime.Models.Checkpoints;

/// <summary>A text file with one line per recording: session,neurons,row. Empty lines, lines that begin with '#' and a first line with just these names are passed over.</summary>
public static class SessionMapFile
{
    private const string Format = "Write one recording per line: session,neurons,row (docs/import.md).";
    private const string Header = "session,neurons,row";

    /// <exception cref="ModelFormatException">A line is no such entry, or the file has none.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<SessionMapEntry> Read(string path)
    {
        var entries = new List<SessionMapEntry>();
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            if (line.AsSpan().Trim().IsEmpty || line.StartsWith('#') || (entries.Count == 0 && line.Trim().Equals(Header, StringComparison.OrdinalIgnoreCase))) continue;
            var fields = line.Split(',', StringSplitOptions.TrimEntries);
            if (fields.Length != 3 || fields[0].Length == 0) throw Wrong("is not a session, its neurons and its row.");
            if (!int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var neurons) || neurons < 1) throw Wrong($"has '{fields[1]}' neurons; a whole number from 1 is due.");
            if (!int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var row)) throw Wrong($"has row '{fields[2]}'; a whole number from 0 is due.");
            entries.Add(new(fields[0], neurons, row));

            ModelFormatException Wrong(string what) => new(path, $"line {index + 1}", what, Format);
        }

        return entries.Count > 0 ? entries : throw new ModelFormatException(path, "", "names no recording.", Format);
    }
}
