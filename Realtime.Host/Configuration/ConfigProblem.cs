using System.Globalization;

namespace Realtime.Host.Configuration;

/// <summary>One thing that is wrong with a config file, said so that it can be mended without reading any code.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">Line of the offending text, from 1; 0 when the whole file is meant.</param>
/// <param name="Column">Column of the offending text, from 1; 0 when the whole file is meant.</param>
/// <param name="Key">Dotted path of the key ("sources[0].data_port"); empty when no key is meant.</param>
/// <param name="Message">What is wrong and what to do about it.</param>
public sealed record ConfigProblem(string File, int Line, int Column, string Key, string Message)
{
    /// <summary>"file:line:column: key: message", which editors and terminals turn into a link.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}") : File;
        return Key.Length > 0 ? $"{place}: {Key}: {Message}" : $"{place}: {Message}";
    }
}
