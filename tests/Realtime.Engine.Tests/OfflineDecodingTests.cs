using Realtime.Engine.Decoding;
using Realtime.Engine.Ledger;
using Realtime.Engine.Offline;
using Realtime.Engine.Sessions;

namespace Realtime.Engine.Tests;

public class OfflineDecodingTests
{
    [Fact]
    public void Each_tick_counts_the_spikes_of_its_window_and_the_books_balance()
    {
        var session = RandomSession(seconds: 20, units: 8, spikes: 5_000);
        var decoder = new CountingDecoder(300 * LoopRig.Ms);
        var sink = new RecordingSink();
        var rows = Enumerable.Range(0, 8).Select(unit => unit == 3 ? -1 : unit).ToArray();
        var result = OfflineDecoding.Run(session, new TimeRange(5, 15), decoder, 100 * LoopRig.Ms, rows, sink, new FakeClock());

        Assert.Equal(100, sink.Answers.Count);
        for (var tick = 0; tick < 100; tick++)
        {
            var end = 5_000 + 100 * (tick + 1);
            var expected = 0;
            for (var i = 0; i < session.SpikeSamples.Length; i++)
                if (session.SpikeUnits[i] != 3 && session.SpikeSamples[i] >= Math.Max(5_000, end - 300) && session.SpikeSamples[i] < end) expected++;
            Assert.Equal(expected, sink.Values[tick][0]);
        }

        var inRange = session.SpikeSamples.Count(sample => sample is >= 5_000 and < 15_000);
        Assert.Equal(inRange, result.Ledger.Received);
        Assert.Equal(0, result.Ledger.InFlight);
        Assert.Equal(inRange, result.Ledger.Decoded + result.Ledger.Dropped(DropReason.UnknownUnit));
        Assert.True(result.Ledger.Dropped(DropReason.UnknownUnit) > 0);
    }

    [Fact]
    public void More_spikes_between_two_ticks_than_the_ring_holds_are_all_decoded()
    {
        var session = RandomSession(seconds: 2, units: 4, spikes: 30_000);
        var result = OfflineDecoding.Run(session, new TimeRange(0, 2), new CountingDecoder(1_000 * LoopRig.Ms), 1_000 * LoopRig.Ms, [0, 1, 2, 3], new RecordingSink(), new FakeClock());
        Assert.Equal(30_000, result.Ledger.Decoded);
    }

    private static Session RandomSession(double seconds, int units, int spikes)
    {
        var random = new Random(5);
        var samples = Enumerable.Range(0, spikes).Select(_ => random.NextInt64((long)(seconds * 1000))).Order().ToArray();
        return new Session
        {
            Name = "random",
            SampleRateHz = 1000,
            Units = UnitTable.Numbered(units),
            SpikeSamples = samples,
            SpikeUnits = samples.Select(_ => random.Next(units)).ToArray(),
            Behaviour = [new OutputChannel("x", "cm")],
            BehaviourSamples = [],
            BehaviourValues = [],
            DurationSeconds = seconds,
            Segments = [new TimeRange(0, seconds)],
            Train = [],
            Valid = [],
            Test = [],
        };
    }
}
