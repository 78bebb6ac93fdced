using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace Realtime.Host.Running;

/// <summary>Shows log events as "source: text".</summary>
internal sealed class ScreenSink(Action<string> write) : ILogEventSink
{
    public void Emit(LogEvent logEvent)
    {
        var text = logEvent.RenderMessage(CultureInfo.InvariantCulture);
        var source = logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var name) && name is ScalarValue { Value: string value } ? value + ": " : "";
        write(logEvent.Exception is null ? source + text : $"{source}{text} ({logEvent.Exception.Message})");
    }
}
