using Realtime.Host.Reports;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary>The end of a run on the screen: the verdict, and where everything lies.</summary>
internal static class RunSummary
{
    public static void Show(IAnsiConsole screen, RunReport report, bool json)
    {
        var verdict = RunVerdict.Of(report);
        screen.MarkupLine($"[bold {Colour(verdict.Level)}]{Markup.Escape(verdict.Headline)}[/] (ended: {Markup.Escape(report.EndReason)})");
        foreach (var line in verdict.Lines) screen.MarkupLine($"  [{Colour(line.Level)}]{Markup.Escape(line.Text)}[/]");
        foreach (var warning in report.Warnings) screen.MarkupLine($"  [yellow]{Markup.Escape(warning)}[/]");
        foreach (var note in report.Notes) screen.MarkupLine($"  {Markup.Escape(note)}");
        screen.MarkupLine($"Report: {Markup.Escape(Path.Combine(report.RunFolder, "report.html"))}");
        if (json) Console.Out.WriteLine(ReportJson.Serialize(report));
    }

    private static string Colour(VerdictLevel level) => level switch
    {
        VerdictLevel.Good => "green",
        VerdictLevel.LookCloser => "yellow",
        _ => "red",
    };
}
