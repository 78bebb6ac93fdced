using System.Diagnostics;
using Realtime.Acquisition.OpenEphys;
using Realtime.Engine.Events;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Sessions;

namespace Realtime.Interop.Tests.OpenEphys;

/// <summary>A source on its own thread, and what it has put into its ring. The test's thread is the consumer.</summary>
internal sealed class Receiving : IDisposable
{
    private readonly SpscRing<SpikeEvent> _ring = new(1 << 18);
    private readonly SpikeEvent[] _events = new SpikeEvent[1 << 12];

    public Receiving(int port, UnitTable units, OpenEphysOptions? options = null)
    {
        Units = units;
        Source = new OpenEphysSource(options ?? new OpenEphysOptions { Port = port }, new UnitMap(units), _ring, Ledger);
        Source.Start();
    }

    public UnitTable Units { get; }

    public OpenEphysSource Source { get; }

    public StreamLedger Ledger { get; } = new("Probe-A");

    public List<SpikeEvent> Events { get; } = [];

    /// <summary>The peer's units: every electrode with sorted ids 0..3.</summary>
    public static UnitTable PeerUnits(int electrodes) => new(
        from electrode in Enumerable.Range(1, electrodes)
        from sorted in Enumerable.Range(0, 4)
        select new UnitId("Probe-A", $"Electrode {electrode}", sorted));

    /// <summary>Spikes from an event on, as (sample, unit).</summary>
    public List<(long Sample, string Unit)> Spikes(int from = 0) =>
        [.. Events.Skip(from).Where(e => e.Kind == EventKind.Spike).Select(e => (e.Sample, Units[e.Unit].ToString()))];

    /// <summary>Drains the ring until the condition holds; fails with the source's state when it does not in time.</summary>
    public void Until(Func<OpenEphysStatistics, bool> condition, int timeoutMs = 60_000)
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            var seen = Source.Snapshot();
            for (int count; (count = _ring.Drain(_events)) > 0;) Events.AddRange(_events.AsSpan(0, count));
            if (condition(seen)) return;
            if (watch.ElapsedMilliseconds > timeoutMs) throw new TimeoutException($"Waited {timeoutMs} ms in vain: {seen}");
            Thread.Sleep(2);
        }
    }

    /// <summary>Waits until nothing has arrived for a while.</summary>
    public void UntilQuiet(int quietMs = 700)
    {
        long messages = -1;
        var since = Stopwatch.StartNew();
        Until(seen =>
        {
            if (seen.Messages != messages) since.Restart();
            messages = seen.Messages;
            return since.ElapsedMilliseconds > quietMs;
        });
    }

    public void Dispose() => Source.Dispose();
}
