namespace Realtime.Host.Configuration;

/// <summary>Keys and values in the order of the file; a duplicated key is still there twice.</summary>
internal sealed record MappingNode(int Line, int Column, IReadOnlyList<KeyValuePair<ScalarNode, ConfigNode>> Entries)
    : ConfigNode(Line, Column);
