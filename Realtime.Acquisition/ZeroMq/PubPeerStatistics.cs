namespace Realtime.Acquisition.ZeroMq;

/// <summary>The books of one subscriber at one moment: every message that matched it is sent, dropped or queued.</summary>
/// <param name="Address">host:port of the peer.</param>
/// <param name="Subscriptions">Different prefixes it has asked for.</param>
/// <param name="Sent">Messages that the kernel has taken whole.</param>
/// <param name="Dropped">Messages lost because its queue was full.</param>
/// <param name="Queued">Messages that wait.</param>
public readonly record struct PubPeerStatistics(string Address, int Subscriptions, long Sent, long Dropped, int Queued);
