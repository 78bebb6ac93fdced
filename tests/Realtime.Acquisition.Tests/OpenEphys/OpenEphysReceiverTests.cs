using Realtime.Acquisition.OpenEphys;
using Realtime.Engine.Events;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Sessions;
using Realtime.Tests;

namespace Realtime.Acquisition.Tests.OpenEphys;

public class OpenEphysReceiverTests
{
    private readonly StreamLedger _ledger = new("probe");
    private readonly SpscRing<BehaviourSample> _behaviour = new(64);
    private SpscRing<SpikeEvent> _ring = new(1024);
    private long _nowNs;

    [Fact]
    public void Spikes_of_known_units_reach_the_ring_with_their_sample_and_row()
    {
        var receiver = New();
        Give(receiver, Frames.Spike(1, 500, "Electrode 3"), Frames.Spike(2, 490, "Electrode 1"));
        var events = Drain();
        Assert.Equal([(EventKind.Spike, 500L, 2), (EventKind.Spike, 490L, 0)], events.Select(Short));
        Assert.Equal([1L, 2L], events.Select(e => e.ArrivalNs));
        Assert.Equal("probe", receiver.Snapshot().Stream);
        Assert.Equal((2, 0), (_ledger.Received, _ledger.DroppedTotal));
    }

    [Fact]
    public void Each_block_gives_one_watermark_whatever_its_channels()
    {
        var receiver = New(new OpenEphysOptions { WatermarkSlackSamples = 40 });
        Give(receiver, Frames.Data(1, 0, 300, 0), Frames.Data(2, 0, 300, 1), Frames.Data(3, 300, 300, 0), Frames.Data(4, 300, 300, 1),
            Frames.Data(5, 100, 300));
        var events = Drain();
        Assert.Equal([(EventKind.Watermark, 0L, 0), (EventKind.Watermark, 260L, 40), (EventKind.Watermark, 560L, 40)], events.Select(Short));
        var seen = receiver.Snapshot();
        Assert.Equal((5, 2, 30000.0), (seen.DataMessages, seen.DataBlocks, seen.SampleRateHz));
    }

    [Fact]
    public void The_first_block_is_covered_from_its_start_only_when_acquisition_was_followed_from_its_first_message()
    {
        var fromStart = New();
        Give(fromStart, Frames.Spike(1, 9_050), Frames.Data(2, 9_000));
        Assert.Equal((EventKind.Watermark, 9_000L, 0), Short(Drain()[1]));

        var lostSome = New();
        Give(lostSome, Frames.Spike(1, 9_050), Frames.Data(3, 9_000));
        Assert.DoesNotContain((EventKind.Watermark, 9_000L, 0), Drain().Select(Short));

        var joinedLate = New();
        Give(joinedLate, Frames.Data(17, 9_000));
        Assert.Equal((EventKind.Watermark, 9_260L, 40), Short(Assert.Single(Drain())));
    }

    [Fact]
    public void Spikes_move_the_watermark_only_when_asked()
    {
        var receiver = New(new OpenEphysOptions { EventWatermarkSlackSamples = 1000 });
        Give(receiver, Frames.Spike(1, 5000), Frames.Spike(2, 4000), Frames.Ttl(3, 6000, 2, true));
        Assert.Equal(
            [(EventKind.Spike, 5000L, 0), (EventKind.Watermark, 4000L, 1000), (EventKind.Spike, 4000L, 0), (EventKind.Ttl, 6000L, 5),
                (EventKind.Watermark, 5000L, 1000)],
            Drain().Select(Short));
    }

    [Fact]
    public void Unknown_units_and_other_streams_are_received_and_dropped_for_their_reasons()
    {
        var receiver = New(new OpenEphysOptions { Stream = "probe" });
        Give(receiver, Frames.Spike(1, 5, "Electrode 99"), Frames.Spike(2, 5, stream: "other"), Frames.Spike(3, 5),
            Frames.Data(4, 0, stream: "other"));
        Assert.Equal((3, 1, 1, 1),
            (_ledger.Received, _ledger.Dropped(DropReason.UnknownUnit), _ledger.Dropped(DropReason.OtherStream), _ledger.InFlight));
        var seen = receiver.Snapshot();
        Assert.Equal("probe/Electrode 99#1 x1", Assert.Single(seen.UnknownUnits).ToString());
        Assert.Equal(2, seen.OtherStreamMessages);
        Assert.Contains("stream 'other'", seen.LastProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_spike_is_received_and_dropped_as_malformed()
    {
        var receiver = New();
        Give(receiver, Frames.Spike(1, 5) with { Payload = new byte[7] }, Frames.Spike(2, 6), Frames.Of("EVENT", "{", []),
            Frames.Spike(4, 7));
        Assert.Equal((3, 1, 2), (_ledger.Received, _ledger.Dropped(DropReason.Malformed), _ledger.InFlight));
        var seen = receiver.Snapshot();
        Assert.Equal(2, seen.Malformed);
        Assert.Equal([(ParseProblem.HeaderNotJson, 1L), (ParseProblem.SpikePayloadLength, 1L)], seen.Problems);
        Assert.Equal(0, seen.Lost); // the unreadable message was number 3
    }

    [Fact]
    public void A_jump_of_the_running_number_is_loss_before_the_next_event()
    {
        var receiver = New();
        Give(receiver, Frames.Spike(10, 5), Frames.Spike(11, 6), Frames.Spike(15, 7));
        Assert.Equal([(EventKind.Spike, 5L, 0), (EventKind.Spike, 6L, 0), (EventKind.Loss, 0L, 3), (EventKind.Spike, 7L, 0)],
            Drain().Select(Short));
        Assert.Equal((3L, 3L), (_ledger.LostUpstream, receiver.Snapshot().Lost));
    }

    [Fact]
    public void A_duplicate_number_is_kept_and_counted()
    {
        var receiver = New();
        Give(receiver, Frames.Spike(10, 5), Frames.Spike(10, 6), Frames.Spike(11, 7));
        Assert.Equal(3, Drain().Count);
        Assert.Equal((1, 0, 0), (receiver.Snapshot().Duplicates, _ledger.LostUpstream, _ledger.Restarts));
    }

    [Fact]
    public void A_lower_number_is_a_restart_and_watermarks_begin_anew()
    {
        var receiver = New();
        Give(receiver, Frames.Data(8, 90_000), Frames.Data(1, 0), Frames.Spike(2, 100));
        Assert.Equal(
            [(EventKind.Watermark, 90_260L, 40), (EventKind.Restart, 0L, 0), (EventKind.Watermark, 0L, 0), (EventKind.Watermark, 260L, 40),
                (EventKind.Spike, 100L, 0)],
            Drain().Select(Short));
        Assert.Equal((1L, 0L), (_ledger.Restarts, _ledger.LostUpstream));
    }

    [Fact]
    public void A_restart_joined_late_counts_what_the_new_run_had_sent_before()
    {
        var receiver = New();
        Give(receiver, Frames.Spike(50, 90_000), Frames.Spike(7, 10));
        Assert.Equal([EventKind.Spike, EventKind.Restart, EventKind.Loss, EventKind.Spike], Drain().Select(e => e.Kind));
        Assert.Equal(6, _ledger.LostUpstream);
    }

    [Fact]
    public void Samples_far_back_in_three_headers_are_a_restart_without_a_lower_number()
    {
        var receiver = New();
        Give(receiver, Frames.Data(1, 90_000), Frames.Data(2, 0), Frames.Data(3, 300), Frames.Data(4, 90_300), Frames.Data(5, 0),
            Frames.Data(6, 300));
        Assert.Equal(0, _ledger.Restarts);
        Give(receiver, Frames.Data(7, 600), Frames.Data(8, 900), Frames.Data(9, 1200), Frames.Data(10, 1500));
        var events = Drain();
        Assert.Equal((1L, 1L), (_ledger.Restarts, receiver.Snapshot().RestartsBySample));
        Assert.Equal(
            [EventKind.Watermark, EventKind.Watermark, EventKind.Watermark, EventKind.Restart], events.Take(4).Select(e => e.Kind));
        Assert.Equal([860L, 1160L, 1460L, 1760L], events.Skip(4).Select(e => e.Sample));
    }

    [Fact]
    public void A_full_ring_counts_spikes_and_keeps_markers()
    {
        _ring = new SpscRing<SpikeEvent>(4);
        var receiver = New();
        Give(receiver, Frames.Spike(1, 1), Frames.Spike(2, 2), Frames.Spike(3, 3), Frames.Spike(4, 4), Frames.Spike(5, 5));
        Give(receiver, Frames.Spike(8, 8), Frames.Spike(1, 11), Frames.Spike(3, 13), Frames.Spike(1, 21), Frames.Ttl(2, 22, 0, true));
        Assert.Equal((9, 5, 4), (_ledger.Received, _ledger.Dropped(DropReason.RingFull), _ledger.InFlight));
        Assert.Equal((3, 2), (_ledger.LostUpstream, _ledger.Restarts));
        Assert.Equal([1L, 2L, 3L, 4L], Drain().Select(e => e.Sample));
        receiver.Idle();
        Give(receiver, Frames.Spike(3, 23));
        Assert.Equal([(EventKind.Loss, 0L, 3), (EventKind.Restart, 0L, 0), (EventKind.Spike, 23L, 0)], Drain().Select(Short));
        Assert.Equal(1, receiver.Snapshot().TtlsRingFull);
    }

    [Fact]
    public void A_watermark_that_found_no_room_is_made_good_by_the_next_block()
    {
        _ring = new SpscRing<SpikeEvent>(2);
        var receiver = New();
        Give(receiver, Frames.Spike(1, 1), Frames.Spike(2, 2), Frames.Data(3, 0), Frames.Data(4, 0, channel: 1));
        Drain();
        Give(receiver, Frames.Data(5, 0, channel: 2));
        Assert.Equal([(EventKind.Watermark, 0L, 0), (EventKind.Watermark, 260L, 40)], Drain().Select(Short));
    }

    [Fact]
    public void Behaviour_goes_to_its_own_ring_and_is_never_taken_for_the_spikes_stream()
    {
        var receiver = New();
        Give(receiver, Frames.Data(1, 77, 1, 1, "behaviour", 2.5f), Frames.Data(2, 100, 2, 0, "behaviour", 7), Frames.Spike(3, 5));
        Assert.Equal("probe", receiver.Snapshot().Stream);
        Assert.Single(Drain());
        var samples = new BehaviourSample[8];
        var count = _behaviour.Drain(samples);
        Assert.Equal(
            [(77L, 1, 2.5f), (100L, 0, 7f), (101L, 0, 8f)],
            samples.Take(count).Select(sample => (sample.Sample, sample.Channel, sample.Value)));
        Assert.Equal(3, receiver.Snapshot().BehaviourSamples);
    }

    [Fact]
    public void Ttl_events_of_other_codes_and_types_are_counted_and_ignored()
    {
        var receiver = New();
        var text = Frames.Of("EVENT", """{"message_num":2,"type":"text"}""", []);
        Give(receiver, Frames.Ttl(1, 5, 0, true, type: 5), text, Frames.Ttl(3, 6, 7, false));
        Assert.Equal((EventKind.Ttl, 6L, 14), Short(Assert.Single(Drain())));
        Assert.Equal((2, 0, 0), (receiver.Snapshot().UnknownTypes, receiver.Snapshot().Malformed, receiver.Snapshot().Lost));
    }

    [Fact]
    public void One_electrode_from_two_nodes_is_noticed()
    {
        var receiver = New();
        Give(receiver, Frames.Spike(1, 5, node: 103), Frames.Spike(2, 6, node: 107), Frames.Spike(3, 7, node: 103));
        Assert.Equal(3, Drain().Count);
        Assert.Equal(1, receiver.Snapshot().SourceNodeConflicts);
        Assert.Contains("nodes 103 and 107", receiver.Snapshot().LastProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_optional_fields_are_counted_and_the_spike_used()
    {
        var receiver = New();
        const string header = """{"type":"spike","spike":{"stream":"probe","electrode":"Electrode 1","sample_num":5,"sorted_id":1}}""";
        Give(receiver, Frames.Of("EVENT", header, []));
        Assert.Single(Drain());
        Assert.Equal(1, receiver.Snapshot().WithoutOptionalFields);
    }

    [Fact]
    public void A_wrong_plugin_is_named_once_in_the_log_and_stays_the_last_problem()
    {
        var log = new ListLogger();
        var receiver = new OpenEphysReceiver(new OpenEphysOptions(), new UnitMap(UnitTable.Numbered(1)), _ring, _ledger, null, log);
        for (var n = 0; n < 1000; n++) receiver.Receive(2, [0, 0], "{\"event_type\": \"ttl\"}"u8, default, n * 1_000_000_000L);
        Assert.Contains("Event Broadcaster", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.Contains("ZMQ Interface", receiver.Snapshot().LastProblem, StringComparison.Ordinal);
        Assert.Equal(1000, receiver.Snapshot().Malformed);
    }

    [Fact]
    public void Garbage_is_logged_at_a_bounded_rate()
    {
        var log = new ListLogger();
        var receiver = new OpenEphysReceiver(new OpenEphysOptions(), new UnitMap(UnitTable.Numbered(1)), _ring, _ledger, null, log);
        for (var n = 0; n < 300; n++) receiver.Receive(2, "DATA"u8, "x"u8, default, n * 100_000_000L);
        Assert.Equal(3, log.Lines.Count); // 30 s of garbage
    }

    [Fact]
    public void Nothing_is_allocated_per_message()
    {
        var receiver = New();
        Frames[] round = [.. Enumerable.Range(0, 20).Select(n => n % 2 == 0
            ? Frames.Spike(n + 1, 300 * n, n % 4 == 0 ? "Electrode 2" : "Electrode 77")
            : Frames.Data(n + 1, 300 * n)), Frames.Ttl(21, 5, 1, true), Frames.Data(22, 4, 3, 0, "behaviour"),
                Frames.Spike(23, 3, stream: "x")];
        var events = new SpikeEvent[64];
        var samples = new BehaviourSample[64];
        for (var warm = 0; warm < 300; warm++) Round();
        Assert.Equal(0, AllocationGate.LeastBytes(() =>
        {
            for (var n = 0; n < 1000; n++) Round();
        }));

        // Each round is a restart as well: its markers are part of the steady state.
        void Round()
        {
            foreach (var frames in round) receiver.Receive(3, frames.Envelope, frames.Header, frames.Payload, 1);
            _ring.Drain(events);
            _behaviour.Drain(samples);
        }
    }

    private OpenEphysReceiver New(OpenEphysOptions? options = null) =>
        new(options ?? new OpenEphysOptions(), new UnitMap(UnitTable.Numbered(4)), _ring, _ledger, _behaviour);

    private void Give(OpenEphysReceiver receiver, params Frames[] messages)
    {
        foreach (var frames in messages) receiver.Receive(3, frames.Envelope, frames.Header, frames.Payload, ++_nowNs);
    }

    private List<SpikeEvent> Drain()
    {
        var events = new SpikeEvent[_ring.Capacity];
        return [.. events.Take(_ring.Drain(events))];
    }

    private static (EventKind Kind, long Sample, int Unit) Short(SpikeEvent e) => (e.Kind, e.Sample, e.Unit);
}
