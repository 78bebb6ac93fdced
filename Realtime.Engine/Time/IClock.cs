namespace Realtime.Engine.Time;

/// <summary>Host time. A seam: logic takes times as parameters, and only the edges (threads, sockets) read a clock.</summary>
public interface IClock
{
    /// <summary>Monotonic host time, ns from an arbitrary origin fixed for the process. Any thread.</summary>
    long NowNs { get; }
}
