using Realtime.Tests;

namespace Realtime.Interop.Tests.Models;

/// <summary>A test against Python with numpy; skipped with the reason where it is missing, but never in CI.</summary>
internal sealed class NeedsNumpyFactAttribute : FactAttribute
{
    /// <param name="needsShared">Whether the test also reads the shared folder beside the checkout.</param>
    public NeedsNumpyFactAttribute(bool needsShared = false)
    {
        if (needsShared && RepositoryFiles.Shared is null)
            Skip = "needs ../shared (reference weight files), which is not beside this checkout";
        if (NumpyPeer.Missing is { } reason && Environment.GetEnvironmentVariable("CI") != "true") Skip = reason;
    }
}
