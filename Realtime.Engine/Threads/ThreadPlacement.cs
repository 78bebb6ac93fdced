namespace Realtime.Engine.Threads;

/// <summary>Pins the calling thread to a core and raises its priority; says what the system refused instead of failing.</summary>
public static class ThreadPlacement
{
    /// <summary>Applies both to the calling thread.</summary>
    /// <param name="cpu">Core number from 0, or null to leave it free.</param>
    /// <param name="priority">Wanted priority.</param>
    /// <returns>What could not be done and how to allow it; empty when all was done.</returns>
    public static IReadOnlyList<string> Apply(int? cpu, ThreadPriorityLevel priority)
    {
        IThreadControl control = OperatingSystem.IsWindows() ? new WindowsThreadControl() : OperatingSystem.IsLinux() ? new LinuxThreadControl() : new NoThreadControl();
        var problems = new List<string>();
        if (cpu is { } core)
        {
            if (core < 0 || core >= Environment.ProcessorCount)
                problems.Add($"There is no core {core}: this machine has cores 0 to {Environment.ProcessorCount - 1}. The thread is not pinned.");
            else if (control.TryPin(core) is { } refusal)
                problems.Add(refusal);
        }

        if (priority != ThreadPriorityLevel.Normal && control.TrySetPriority(priority) is { } problem) problems.Add(problem);
        return problems;
    }
}
