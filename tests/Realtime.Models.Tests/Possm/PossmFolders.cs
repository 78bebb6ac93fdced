using Realtime.Models.Verification;
using Realtime.Tests;

namespace Realtime.Models.Tests.Possm;

/// <summary>The golden folders of POSSM.</summary>
internal static class PossmFolders
{
    public static string TinyPath { get; } = Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens", "possm_tiny");

    public static GoldenFolder Tiny { get; } = GoldenFolder.Read(TinyPath);

    /// <summary>The published small configuration; in the shared folder only.</summary>
    public static GoldenFolder ReadSmall() => GoldenFolder.Read(Path.Combine(RepositoryFiles.Shared!, "golden", "possm", "small"));
}
