namespace Realtime.Host.Configuration;

/// <summary>A single value as written. A plain one has no quotes, so that it may be a number, a boolean or null.</summary>
internal sealed record ScalarNode(int Line, int Column, string Value, bool Plain) : ConfigNode(Line, Column)
{
    public bool IsNull => Plain && Value is "" or "~" or "null" or "Null" or "NULL";
}
