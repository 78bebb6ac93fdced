using System.Text.Encodings.Web;
using System.Text.Json;

namespace Realtime.Host.Reports;

/// <summary>Reports as JSON: indented in files, on one line for <c>--json</c>. Any thread.</summary>
public static class ReportJson
{
    private static readonly ReportJsonContext OneLine = new(Options(indented: false));

    private static readonly ReportJsonContext Indented = new(Options(indented: true));

    /// <summary>Writes report.json whole or not at all: a reader never sees half a file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(RunReport report, string path) =>
        WholeFile.Write(path, stream =>
        {
            JsonSerializer.Serialize(stream, report, Indented.RunReport);
            stream.WriteByte((byte)'\n');
        });

    /// <summary>One line without a line break at its end.</summary>
    public static string Serialize(RunReport report) => JsonSerializer.Serialize(report, OneLine.RunReport);

    /// <exception cref="JsonException">The text is no report, or one of another schema version.</exception>
    public static RunReport Parse(string json)
    {
        var report = JsonSerializer.Deserialize(json, OneLine.RunReport) ?? throw new JsonException("The text is null, not a run report.");
        return report.SchemaVersion == RunReport.CurrentSchemaVersion
            ? report
            : throw new JsonException($"The report has schema_version {report.SchemaVersion}; this program reads"
                + $" {RunReport.CurrentSchemaVersion}.");
    }

    // Names of people and folders stay readable; the text is JSON in a file, never pasted into a page.
    private static JsonSerializerOptions Options(bool indented) => new(ReportJsonContext.Default.Options)
    {
        WriteIndented = indented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
