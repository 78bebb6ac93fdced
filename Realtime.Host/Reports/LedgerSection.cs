using System.Globalization;
using System.Text;

namespace Realtime.Host.Reports;

/// <summary>The books: received = decoded + dropped + in flight, in every row.</summary>
internal static class LedgerSection
{
    public static void Write(StringBuilder page, RunReport report)
    {
        var reasons = report.Streams.SelectMany(stream => stream.Dropped).Concat(report.Spikes.Dropped)
            .Where(reason => reason.Value != 0).Select(reason => reason.Key).Distinct().Order(StringComparer.Ordinal).ToArray();
        page.Append("<section><h2>Every spike accounted for</h2><div"
            + " class=\"scroll\"><table><thead><tr><th>stream</th><th>received</th><th>decoded</th>");
        foreach (var reason in reasons) page.Append(CultureInfo.InvariantCulture,
            $"<th>{ReportText.Escape(ReportText.Words(reason), 40)}</th>");
        page.Append("<th>in flight</th><th>balance</th></tr></thead><tbody>");
        foreach (var stream in report.Streams)
            Row(page, reasons, stream.Name, stream.Received, stream.Decoded, stream.Dropped, stream.InFlight, "");
        var all = report.Spikes;
        Row(page, reasons, "all", all.Received, all.Decoded, all.Dropped, all.InFlight, " class=\"sum\"");
        page.Append("</tbody></table></div><p class=\"note\">Received = decoded + the reasons for dropping + in flight");
        page.Append(reasons.Length == 0 ? "; nothing was dropped for any reason.</p>"
            : "; reasons that never occurred have no column.</p>");
        WriteRecording(page, report);
        WriteTransport(page, report);
        page.Append("</section>");
    }

    private static void Row(
        StringBuilder page, string[] reasons, string name, long received, long decoded, IReadOnlyDictionary<string, long> dropped,
            long inFlight, string style)
    {
        page.Append(CultureInfo.InvariantCulture, $"<tr{style}><th>{ReportText.Escape(name, 80)}</th>");
        page.Append(CultureInfo.InvariantCulture, $"<td>{ReportText.Count(received)}</td><td>{ReportText.Count(decoded)}</td>");
        foreach (var reason in reasons) page.Append(CultureInfo.InvariantCulture,
            $"<td>{ReportText.Count(dropped.GetValueOrDefault(reason))}</td>");
        var rest = received - decoded - dropped.Values.Sum() - inFlight;
        var balance = rest == 0 ? "<td class=\"good\">✓ balances</td>" : $"<td class=\"bad\">✗ {ReportText.Count(rest)} unexplained</td>";
        page.Append(CultureInfo.InvariantCulture, $"<td>{ReportText.Count(inFlight)}</td>{balance}</tr>");
    }

    private static void WriteRecording(StringBuilder page, RunReport report)
    {
        if (report.Recording is not { } recording) return;
        page.Append("<h3>What was recorded</h3><div class=\"scroll\"><table><thead><tr><th>sessions</th><th>spikes</th><th>before or after its ticks</th>"
            + "<th>spikes lost</th><th>behaviour rows</th><th>behaviour values lost</th>");
        if (report.Frames is not null) page.Append("<th>video frames</th><th>before or after its ticks</th><th>video frames lost</th>");
        page.Append("</tr></thead><tbody><tr>");
        page.Append(CultureInfo.InvariantCulture, $"<th>{ReportText.Escape(string.Join(", ", recording.Folders), 400)}</th>");
        foreach (var count in (ReadOnlySpan<long>)[recording.Spikes, recording.OutsideSpikes, recording.LostSpikes, recording.BehaviourRows, recording.LostBehaviourValues])
            page.Append(CultureInfo.InvariantCulture, $"<td>{ReportText.Count(count)}</td>");
        foreach (var count in (ReadOnlySpan<long>)(report.Frames is null ? [] : [recording.Frames, recording.OutsideFrames, recording.LostFrames]))
            page.Append(CultureInfo.InvariantCulture, $"<td>{ReportText.Count(count)}</td>");
        page.Append("</tr></tbody></table></div>");
    }

    private static void WriteTransport(StringBuilder page, RunReport report)
    {
        if (report.Streams.Count == 0) return;
        page.Append("<h3>What the sources sent</h3><div class=\"scroll\"><table><thead><tr><th>stream</th><th>messages</th><th>lost"
            + " upstream</th>");
        page.Append("<th>malformed</th><th>duplicate</th><th>other stream</th><th>unknown type</th><th>spikes"
            + " late</th><th>connections</th><th>restarts</th>");
        page.Append("</tr></thead><tbody>");
        foreach (var stream in report.Streams)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th>{ReportText.Escape(stream.Name, 80)}</th>");
            foreach (var count in (ReadOnlySpan<long>)[stream.Messages, stream.LostUpstreamMessages, stream.MalformedMessages,
                stream.DuplicateMessages,
                stream.OtherStreamMessages, stream.UnknownTypeMessages, stream.Late, stream.Connections, stream.Restarts])
            {
                page.Append(CultureInfo.InvariantCulture, $"<td>{ReportText.Count(count)}</td>");
            }

            page.Append("</tr>");
        }

        page.Append("</tbody></table></div>");
        foreach (var stream in report.Streams.Where(stream => stream.UnknownUnits.Count > 0)) WriteUnknownUnits(page, stream);
    }

    private static void WriteUnknownUnits(StringBuilder page, StreamReport stream)
    {
        const int most = 20;
        var units = stream.UnknownUnits.OrderByDescending(unit => unit.Value).Take(most).Select(unit =>
            $"{unit.Key} ({ReportText.Count(unit.Value)})");
        var rest = stream.UnknownUnits.Count > most ? $" and {ReportText.Count(stream.UnknownUnits.Count - most)} more" : "";
        page.Append(CultureInfo.InvariantCulture,
            $"<p class=\"note\">Units of {ReportText.Escape(stream.Name, 80)} that the model does not know:"
                + $" {ReportText.Escape(string.Join(", ", units))}{rest}.</p>");
    }
}
