namespace Realtime.Interop.Tests;

/// <summary>Decides whether a test that needs Python may be skipped.</summary>
internal static class PythonSkip
{
    /// <summary>
    /// The reason to skip, or null to run the test: always null where CI=true, so that what is missing shows as a failure.
    /// </summary>
    public static string? Reason(string[] modules)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase)) return null;
        return PythonInterpreter.WhyMissing(modules);
    }
}
