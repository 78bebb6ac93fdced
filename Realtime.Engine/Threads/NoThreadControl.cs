namespace Realtime.Engine.Threads;

/// <summary>For systems other than Windows and Linux.</summary>
internal sealed class NoThreadControl : IThreadControl
{
    public string? TryPin(int cpu) => "Pinning a thread is supported on Windows and Linux only.";

    public string? TrySetPriority(ThreadPriorityLevel priority) => "Raising a thread's priority is supported on Windows and Linux only.";
}
