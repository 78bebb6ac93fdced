namespace Realtime.Acquisition.Recordings;

/// <summary>A file of a session can't be read as what it should be. The message names the file, the problem and the remedy.</summary>
public sealed class SessionFormatException : Exception
{
    public SessionFormatException(string file, string problem, string remedy, Exception? inner = null)
        : base($"{file}: {problem} {remedy}", inner)
    {
        File = file;
        Problem = problem;
        Remedy = remedy;
    }

    /// <summary>Path of the file or folder at fault, as it was given.</summary>
    public string File { get; }

    /// <summary>What was expected and what was found, a full sentence.</summary>
    public string Problem { get; }

    /// <summary>What to do about it, a full sentence.</summary>
    public string Remedy { get; }
}
