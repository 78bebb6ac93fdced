using Microsoft.Extensions.Logging;

namespace Realtime.Acquisition.Tests.ZeroMq;

/// <summary>Keeps what was logged as a warning or worse. Any thread.</summary>
internal sealed class ListLog : ILogger
{
    private readonly List<string> _warnings = [];

    public List<string> Warnings
    {
        get
        {
            lock (_warnings) return [.. _warnings];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
        string> formatter)
    {
        if (logLevel < LogLevel.Warning) return;
        lock (_warnings) _warnings.Add(formatter(state, exception));
    }
}
