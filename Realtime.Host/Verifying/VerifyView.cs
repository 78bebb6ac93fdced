using System.Globalization;
using Spectre.Console;

namespace Realtime.Host.Verifying;

/// <summary>Shows a verification as a table with a verdict below it.</summary>
internal static class VerifyView
{
    public static void Show(IAnsiConsole console, VerifyReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("case", "stage", "largest difference", "tolerance", "");
        table.Columns[2].RightAligned();
        table.Columns[3].RightAligned();
        foreach (var result in report.Cases)
        {
            for (var row = 0; row < result.Stages.Count; row++)
            {
                var stage = result.Stages[row];
                table.AddRow(
                    row == 0 ? Markup.Escape(result.Name) : "", Markup.Escape(stage.Name), Number(stage.MaxAbsDiff), Number(stage.Tolerance),
                    stage.Pass ? "[green]PASS[/]" : "[red]FAIL[/]");
            }
        }

        console.Write(table);
        console.MarkupLine(report.Pass ? $"[green]{Markup.Escape(Summary(report))}[/]" : $"[red]{Markup.Escape(Summary(report))}[/]");
    }

    private static string Summary(VerifyReport report)
    {
        var stages = report.Cases.Sum(result => result.Stages.Count);
        var failed = report.Cases.FirstOrDefault(result => !result.Pass);
        if (failed is null) return string.Create(CultureInfo.InvariantCulture, $"PASS: {stages} stages of {report.Cases.Count} cases agree.");
        var wrong = report.Cases.Sum(result => result.Stages.Count(stage => !stage.Pass));
        var first = failed.Stages.First(stage => !stage.Pass);
        return string.Create(CultureInfo.InvariantCulture,
            $"FAIL: {wrong} of {stages} stages differ, the first in '{failed.Name}' at {first.Name}. docs/verify.md says where to look.");
    }

    private static string Number(double value) => value switch
    {
        0 => "0",
        double.NaN => "NaN",
        double.PositiveInfinity => "∞",
        _ => value.ToString("0.0e+0", CultureInfo.InvariantCulture),
    };
}
