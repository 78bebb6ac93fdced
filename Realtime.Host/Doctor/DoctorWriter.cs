using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Realtime.Host.Doctor;

/// <summary>Writes a doctor's report.</summary>
internal static class DoctorWriter
{
    public static void Write(DoctorReport report, DoctorFormat format, TextWriter output)
    {
        switch (format)
        {
            case DoctorFormat.Json:
                output.WriteLine(JsonSerializer.Serialize(report, DoctorJsonContext.Default.DoctorReport));
                break;
            case DoctorFormat.Table:
                WriteTable(report, output);
                break;
            default:
                WritePlain(report, output);
                break;
        }
    }

    private static void WritePlain(DoctorReport report, TextWriter output)
    {
        foreach (var check in report.Checks)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Word(check.Level),-4}  {check.Name,-12}  {check.Measured}"));
            if (check.Remedy.Length > 0) output.WriteLine($"                    -> {check.Remedy}");
        }

        output.WriteLine(Summary(report));
    }

    private static void WriteTable(DoctorReport report, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn("check").AddColumn("seen, and how to mend it");
        foreach (var check in report.Checks)
        {
            var text = Markup.Escape(check.Measured) + (check.Remedy.Length > 0 ? $"\n[bold]{Markup.Escape(check.Remedy)}[/]" : "");
            table.AddRow($"[{Colour(check.Level)}]{Word(check.Level)}[/]", Markup.Escape(check.Name), text);
        }

        console.Write(table);
        console.MarkupLine($"[{Colour(report.Worst)}]{Markup.Escape(Summary(report))}[/]");
    }

    private static string Word(CheckLevel level) => level switch { CheckLevel.Ok => "OK", CheckLevel.Warn => "WARN", _ => "FAIL" };

    private static string Colour(CheckLevel level) => level switch { CheckLevel.Ok => "green", CheckLevel.Warn => "yellow", _ => "red" };

    private static string Summary(DoctorReport report)
    {
        var failed = report.Checks.Count(check => check.Level == CheckLevel.Fail);
        var warned = report.Checks.Count(check => check.Level == CheckLevel.Warn);
        return report.Worst switch
        {
            CheckLevel.Ok => "This machine is ready.",
            CheckLevel.Warn => string.Create(CultureInfo.InvariantCulture,
                $"This machine works, with {warned} of {report.Checks.Count} checks to look at."),
            _ => string.Create(CultureInfo.InvariantCulture, $"This machine is not ready: {failed} checks failed, {warned} warn."),
        };
    }
}
