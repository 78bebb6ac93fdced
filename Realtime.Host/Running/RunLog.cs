using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Realtime.Host.Running;

/// <summary>The log of a command: warnings on the screen, everything in the run folder's log.txt where there is one.</summary>
public static class RunLog
{
    private const string FileLine = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} [{Level:u3}] {SourceContext}: {Message:lj}{NewLine}{Exception}";

    // The text log of a run that goes wrong all day stays within this.
    private const long MaxBytes = 50_000_000;

    /// <param name="file">Where to write, or null for the screen only.</param>
    /// <param name="screen">Receives warnings and worse, one line each.</param>
    public static ILoggerFactory Create(string? file, Action<string> screen)
    {
        var config = new LoggerConfiguration().MinimumLevel.Information().WriteTo.Sink(new ScreenSink(screen), LogEventLevel.Warning);
        if (file is not null) config = config.WriteTo.File(file, outputTemplate: FileLine, fileSizeLimitBytes: MaxBytes, formatProvider: System.Globalization.CultureInfo.InvariantCulture);
        return new SerilogLoggerFactory(config.CreateLogger(), dispose: true);
    }
}
