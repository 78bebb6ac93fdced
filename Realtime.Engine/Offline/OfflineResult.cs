using Realtime.Engine.Ledger;
using Realtime.Engine.Ticks;

namespace Realtime.Engine.Offline;

/// <summary>What an offline run leaves beside its answers.</summary>
/// <param name="Ledger">The books of the session's one stream.</param>
/// <param name="Counters">Ticks by status.</param>
/// <param name="Latencies">Time taken per tick; total runs from the tick's last event handed in to the answer handed out.</param>
public sealed record OfflineResult(StreamLedger Ledger, TickCounters Counters, StageLatencies Latencies);
