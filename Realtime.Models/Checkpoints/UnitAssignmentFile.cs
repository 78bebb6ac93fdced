using System.Globalization;
using Realtime.Engine.Sessions;

namespace Realtime.Models.Checkpoints;

/// <summary>
/// A text file with one line per unit: word,stream,electrode,sorted_id. Empty lines, lines that begin with '#' and a first line with just
/// these four names are passed over; a field with a comma or a quote in it stands in double quotes, with its quotes doubled.
/// </summary>
public static class UnitAssignmentFile
{
    private const string Format = "Write one unit per line: word,stream,electrode,sorted_id (docs/import.md).";
    private static readonly string[] Header = ["word", "stream", "electrode", "sorted_id"];

    /// <exception cref="ModelFormatException">A line is no assignment, or the file has none.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<UnitAssignment> Read(string path)
    {
        var assignments = new List<UnitAssignment>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.AsSpan().Trim().IsEmpty || line.StartsWith('#')) continue;
            var fields = Fields(line) ?? throw Wrong("has a quote that is not closed.");
            if (assignments.Count == 0 && fields.SequenceEqual(Header, StringComparer.OrdinalIgnoreCase)) continue;
            if (fields.Count != Header.Length) throw Wrong($"has {fields.Count} fields; 4 are due.");
            if (!int.TryParse(fields[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sortedId) || sortedId < 0)
                throw Wrong($"has the sorted id '{fields[3]}'; a whole number from 0 is due.");
            assignments.Add(new(fields[0], new UnitId(fields[1], fields[2], sortedId)));
        }

        return assignments.Count > 0 ? assignments : throw new ModelFormatException(path, "", "names no unit.", Format);

        ModelFormatException Wrong(string what) => new(path, $"line {number}", what, Format);
    }

    private static List<string>? Fields(string line)
    {
        var fields = new List<string>();
        for (var at = 0; at <= line.Length; at++)
        {
            if (at < line.Length && line[at] == '"')
            {
                var field = new System.Text.StringBuilder();
                for (at++; ; at++)
                {
                    if (at >= line.Length) return null;
                    if (line[at] != '"') field.Append(line[at]);
                    else if (at + 1 < line.Length && line[at + 1] == '"') field.Append(line[at++]);
                    else break;
                }

                at++;
                if (at < line.Length && line[at] != ',') return null;
                fields.Add(field.ToString());
                continue;
            }

            var comma = line.IndexOf(',', at);
            if (comma < 0) comma = line.Length;
            fields.Add(line[at..comma].Trim());
            at = comma;
        }

        return fields;
    }
}
