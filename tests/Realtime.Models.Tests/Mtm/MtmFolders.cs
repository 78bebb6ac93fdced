using Realtime.Models.Verification;
using Realtime.Tests;

namespace Realtime.Models.Tests.Mtm;

/// <summary>The golden folders of MtM.</summary>
internal static class MtmFolders
{
    public static string TinyPath { get; } = Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens", "mtm_tiny");

    public static GoldenFolder ReadTiny() => GoldenFolder.Read(TinyPath);

    /// <summary>Stitched, with session and prompt tokens; in the shared folder only.</summary>
    public static GoldenFolder ReadPublishedLike() => GoldenFolder.Read(Path.Combine(RepositoryFiles.Shared!, "golden", "mtm", "published-like-causal"));
}
