namespace Realtime.Host.Doctor;

/// <summary>Small files in which Linux tells of itself.</summary>
internal static class MachineFiles
{
    /// <summary>The file's text without blanks at its ends; null where there is no such file, or it may not be read.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What stands behind "name:" in such a file; null where no line begins so.</summary>
    public static string? Field(string? text, string name)
    {
        foreach (var line in (text ?? "").Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim().SequenceEqual(name)) return line[(colon + 1)..].Trim();
        }

        return null;
    }
}
