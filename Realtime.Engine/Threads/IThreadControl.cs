namespace Realtime.Engine.Threads;

/// <summary>The operating system's calls for the calling thread. Each returns null, or what was refused and how to allow it.</summary>
internal interface IThreadControl
{
    string? TryPin(int cpu);

    string? TrySetPriority(ThreadPriorityLevel priority);
}
