using System.Diagnostics;
using Realtime.Acquisition.OpenEphys;
using Realtime.Engine.Events;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;

namespace Realtime.Acquisition.Tests.OpenEphys;

/// <summary>A source on its own thread, and what it has put into its rings. The test's thread is the consumer.</summary>
internal sealed class Receiving : IDisposable
{
    private readonly SpscRing<SpikeEvent> _ring = new(1 << 18);
    private readonly SpscRing<BehaviourSample> _behaviourRing = new(1 << 16);
    private readonly SpikeEvent[] _events = new SpikeEvent[1 << 12];
    private readonly BehaviourSample[] _samples = new BehaviourSample[1 << 12];

    public Receiving(OpenEphysOptions options, UnitMap units)
    {
        Source = new OpenEphysSource(options, units, _ring, Ledger, _behaviourRing);
        Source.Start();
    }

    public OpenEphysSource Source { get; }

    public StreamLedger Ledger { get; } = new("probe");

    public List<SpikeEvent> Events { get; } = [];

    public List<BehaviourSample> Behaviour { get; } = [];

    public IEnumerable<SpikeEvent> Of(EventKind kind) => Events.Where(e => e.Kind == kind);

    /// <summary>Drains the rings until the condition holds; fails with the source's state when it does not in time.</summary>
    public void Until(Func<OpenEphysStatistics, bool> condition, int timeoutMs = 60_000)
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            var seen = Source.Snapshot();
            Drain();
            if (condition(seen)) return;
            if (watch.ElapsedMilliseconds > timeoutMs) throw new TimeoutException($"Waited {timeoutMs} ms in vain: {seen}");
            Thread.Sleep(2);
        }
    }

    public void Dispose() => Source.Dispose();

    private void Drain()
    {
        for (int count; (count = _ring.Drain(_events)) > 0;) Events.AddRange(_events.AsSpan(0, count));
        for (int count; (count = _behaviourRing.Drain(_samples)) > 0;) Behaviour.AddRange(_samples.AsSpan(0, count));
    }
}
