namespace Realtime.Interop.Tests.MessagePack;

/// <summary>
/// A test against the npm package @msgpack/msgpack. Where Node.js or the package is missing the test is skipped with that reason; under
/// CI=true it runs and fails instead.
/// </summary>
internal sealed class NeedsNodeFactAttribute : FactAttribute
{
    public NeedsNodeFactAttribute()
    {
        var failsInstead = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
        if (!failsInstead) Skip = NodePeer.WhyMissing();
    }
}
