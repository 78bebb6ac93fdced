namespace Realtime.Interop.Tests.Program;

/// <summary>A test that sends Unix signals.</summary>
internal sealed class NeedsUnixFactAttribute : FactAttribute
{
    public NeedsUnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "sends Unix signals";
    }
}
