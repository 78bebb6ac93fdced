using Realtime.Tests;

namespace Realtime.Models.Tests.Neuroformer;

/// <summary>The golden folders of Neuroformer.</summary>
internal static class NeuroformerFolders
{
    /// <summary>Those of the repository, in shapes that the published configurations do not have.</summary>
    public static string Own(string name) => Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens", "neuroformer", name);

    /// <summary>Those of the shared folder.</summary>
    public static string Shared(string name) => Path.Combine(RepositoryFiles.Shared!, "golden", "neuroformer", name);
}
