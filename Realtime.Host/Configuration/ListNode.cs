namespace Realtime.Host.Configuration;

/// <summary>A list.</summary>
internal sealed record ListNode(int Line, int Column, IReadOnlyList<ConfigNode> Items) : ConfigNode(Line, Column);
