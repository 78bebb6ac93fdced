using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace Realtime.Host.Running;

/// <summary>Shows log events as "source: text".</summary>
internal sealed class ScreenSink(Action<string> write) : ILogEventSink
{
    // "lj": texts stand without quotes.
    private readonly MessageTemplateTextFormatter _format = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Emit(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        if (logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var name) && name is ScalarValue { Value: string source })
            text.Write(source + ": ");
        _format.Format(logEvent, text);
        if (logEvent.Exception is { } exception) text.Write($" ({exception.Message})");
        write(text.ToString());
    }
}
