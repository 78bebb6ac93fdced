namespace Realtime.Host.Configuration;

/// <summary>A piece of a config file with its place, from 1.</summary>
internal abstract record ConfigNode(int Line, int Column);
