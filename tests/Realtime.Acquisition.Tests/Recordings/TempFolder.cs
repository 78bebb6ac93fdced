namespace Realtime.Tests.Recordings;

/// <summary>A folder of its own, with a blank and a letter outside ASCII in its name, deleted at the end.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("séance 1 ").FullName;

    public string File(string name) => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
