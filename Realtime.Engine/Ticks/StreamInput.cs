using Realtime.Engine.Events;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;

namespace Realtime.Engine.Ticks;

/// <summary>One stream as the decode loop reads it.</summary>
/// <param name="Name">Stream name, for reports.</param>
/// <param name="Ring">Filled by the stream's receiving thread.</param>
/// <param name="Ledger">The stream's books.</param>
/// <param name="RateHz">Samples per second of data time.</param>
public sealed record StreamInput(string Name, SpscRing<SpikeEvent> Ring, StreamLedger Ledger, double RateHz);
