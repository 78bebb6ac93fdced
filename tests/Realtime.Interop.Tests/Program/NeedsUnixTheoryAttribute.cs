namespace Realtime.Interop.Tests.Program;

/// <summary>Tests that send Unix signals.</summary>
internal sealed class NeedsUnixTheoryAttribute : TheoryAttribute
{
    public NeedsUnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "sends Unix signals";
    }
}
