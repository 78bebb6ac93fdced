using Realtime.Models.Verification;
using Realtime.Tests;

namespace Realtime.Models.Tests.Poyo;

/// <summary>The golden folders of POYO.</summary>
internal static class PoyoFolders
{
    public static string TinyPath { get; } = Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens", "poyo_tiny");

    public static GoldenFolder Tiny { get; } = GoldenFolder.Read(TinyPath);

    /// <summary>The published configuration; in the shared folder only.</summary>
    public static GoldenFolder ReadPublished() => GoldenFolder.Read(Path.Combine(RepositoryFiles.Shared!, "golden", "poyo", "poyo_1.3M"));
}
