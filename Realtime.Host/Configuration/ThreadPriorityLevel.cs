namespace Realtime.Host.Configuration;

/// <summary>How urgently the operating system schedules the decode thread.</summary>
public enum ThreadPriorityLevel
{
    Normal,

    /// <summary>Above other programs, below the system's own work; needs no rights on Windows.</summary>
    High,

    /// <summary>Above nearly everything; needs rights on most machines and can starve acquisition on a busy one.</summary>
    Realtime,
}
