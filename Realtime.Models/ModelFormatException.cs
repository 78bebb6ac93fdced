namespace Realtime.Models;

/// <summary>A weight or model file that cannot be used: says which file, which key in it, what is wrong, and what to do next.</summary>
public sealed class ModelFormatException : Exception
{
    /// <param name="file">The file, as the user named it.</param>
    /// <param name="key">The tensor, header field or config key at fault; empty when it is the file as a whole.</param>
    /// <param name="what">What is wrong.</param>
    /// <param name="next">What to do about it.</param>
    /// <param name="inner">The error underneath, if there is one.</param>
    public ModelFormatException(string file, string key, string what, string next, Exception? inner = null)
        : base(Text(file, key, what, next), inner)
    {
        File = file;
        Key = key;
        What = what;
        Next = next;
    }

    public string File { get; }

    public string Key { get; }

    public string What { get; }

    public string Next { get; }

    private static string Text(string file, string key, string what, string next) =>
        key.Length == 0 ? $"{file}: {what} {next}" : $"{file}, '{key}': {what} {next}";
}
