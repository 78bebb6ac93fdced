namespace Realtime.Tests;

/// <summary>A test that reads the shared folder beside the checkout; where it is missing the test is skipped and says so.</summary>
internal sealed class NeedsSharedFactAttribute : FactAttribute
{
    public NeedsSharedFactAttribute()
    {
        if (RepositoryFiles.Shared is null) Skip = "needs ../shared (recordings and peers), which is not beside this checkout";
    }
}
