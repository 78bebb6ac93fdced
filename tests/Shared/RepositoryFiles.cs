namespace Realtime.Tests;

/// <summary>Finds files of the checkout, and the shared folder that stands beside it on development machines.</summary>
internal static class RepositoryFiles
{
    /// <summary>The folder that holds RealtimeDecoder.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of reference data beside the checkout, or null where there is none.</summary>
    public static string? Shared { get; } = Directory.Exists(Path.Combine(Root, "..", "shared")) ? Path.GetFullPath(Path.Combine(Root, "..", "shared")) : null;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RealtimeDecoder.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No RealtimeDecoder.sln above {AppContext.BaseDirectory}.");
    }
}
