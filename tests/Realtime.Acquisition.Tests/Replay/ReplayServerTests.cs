using Realtime.Acquisition.OpenEphys;
using Realtime.Acquisition.Replay;
using Realtime.Acquisition.Tests.OpenEphys;
using Realtime.Acquisition.ZeroMq;
using Realtime.Engine.Events;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Sessions;
using Realtime.Tests;

namespace Realtime.Acquisition.Tests.Replay;

/// <summary>The replay server and the source, through real sockets.</summary>
public class ReplayServerTests
{
    private static readonly Session Session = Sessions.Random(11, 8, 4);

    [Fact]
    public async Task Flat_out_every_spike_and_behaviour_value_arrives_in_order()
    {
        using var server = new ReplayServer(Session, new ReplayOptions { Speed = 0, DataPort = 0, WaitForSubscribers = 1 });
        using var reader = Read(server);
        var summary = await Run(server);
        reader.Until(seen => seen.LastMessageNumber >= summary.Messages);

        Assert.Equal((Session.SpikeSamples.Length, Session.BehaviourSamples.Length, 0, true, 1),
            (summary.Spikes, summary.BehaviourSamples, summary.Dropped, summary.Flushed, summary.Rounds));
        Assert.Equal(Session.SpikeSamples.Zip(Session.SpikeUnits), reader.Of(EventKind.Spike).Select(spike => (spike.Sample, spike.Unit)));
        Assert.Equal(Session.BehaviourValues, reader.Behaviour.Select(sample => sample.Value));
        Assert.Equal(Session.BehaviourSamples.SelectMany(sample => new[] { sample, sample }),
            reader.Behaviour.Select(sample => sample.Sample));
        var seen = reader.Source.Snapshot();
        Assert.Equal((summary.Messages, summary.Blocks, 0, 0, "probe", 30000.0),
            (seen.Messages, seen.DataBlocks, seen.Lost, seen.Malformed, seen.Stream, seen.SampleRateHz));
        Assert.Equal((summary.Spikes, 0), (reader.Ledger.Received, reader.Ledger.DroppedTotal));
        Assert.True(seen.Connected);

        var watermark = long.MinValue;
        foreach (var item in reader.Events)
        {
            if (item.Kind == EventKind.Watermark) watermark = item.Sample;
            else Assert.True(item.Sample >= watermark);
        }

        Assert.True(watermark >= 4 * 30000);
    }

    [Fact]
    public async Task In_paced_time_blocks_are_never_sent_early_and_arrivals_are_stamped()
    {
        using var server = new ReplayServer(Session, new ReplayOptions { Speed = 8, DataPort = 0, WaitForSubscribers = 1 });
        using var reader = Read(server);
        var summary = await Run(server);
        reader.Until(seen => seen.LastMessageNumber >= summary.Messages);
        Assert.Equal(Session.SpikeSamples.Length, reader.Ledger.Received);
        Assert.True(summary.WallSeconds >= summary.Blocks * 0.01 / 8);
        Assert.True(summary.MaxLatenessMs >= summary.P99LatenessMs && summary.P99LatenessMs > 0);

        // One for the start, which was seen, and one for each block. A block's watermark arrives no earlier than the plan allows, counted from the first.
        var marks = reader.Of(EventKind.Watermark).ToArray();
        var latest = (marks[0].ArrivalNs, marks[0].Sample);
        Assert.All(marks, mark => Assert.True(mark.ArrivalNs >= latest.ArrivalNs));
        Assert.Equal(summary.Blocks + 1, marks.Length);
    }

    [Fact]
    public async Task Each_round_of_a_loop_is_a_restart()
    {
        using var stop = new CancellationTokenSource();
        using var server = new ReplayServer(Session,
            new ReplayOptions { Speed = 40, DataPort = 0, WaitForSubscribers = 1, Loop = true, ToSeconds = 1 });
        using var reader = Read(server);
        var run = Task.Factory.StartNew(() => server.Run(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        reader.Until(seen => seen.Restarts >= 3);
        stop.Cancel();
        var summary = await run;
        reader.Until(_ => reader.Ledger.Received >= summary.Spikes);
        Assert.True(summary is { Stopped: true, Rounds: >= 4 });
        Assert.Equal((summary.Rounds - 1, 0), (reader.Ledger.Restarts, reader.Ledger.LostUpstream));

        var expected = Session.SpikeSamples.Where(sample => sample < 30000).ToArray();
        var rounds = new List<List<long>> { new() };
        foreach (var item in reader.Events)
        {
            if (item.Kind == EventKind.Restart) rounds.Add([]);
            else if (item.Kind == EventKind.Spike) rounds[^1].Add(item.Sample);
        }

        Assert.All(rounds.SkipLast(1), round => Assert.Equal(expected, round));
    }

    [Fact]
    public async Task A_reader_finds_a_server_that_comes_later_and_one_that_comes_back()
    {
        int port;
        using (var scout = new ReplayServer(Session, new ReplayOptions { DataPort = 0 })) port = scout.DataPort;
        using var reader = new Receiving(new OpenEphysOptions { Port = port }, new UnitMap(Session.Units));
        reader.Until(seen => seen is { Connected: false, LastProblem.Length: > 0 });
        for (var life = 1; life <= 2; life++)
        {
            using var server = new ReplayServer(Session,
                new ReplayOptions { Speed = 0, DataPort = port, HeartbeatPort = 0, WaitForSubscribers = 1 });
            var summary = await Run(server);
            var total = life * summary.Spikes;
            reader.Until(_ => reader.Ledger.Received >= total);
        }

        Assert.Equal(1, reader.Ledger.Restarts);
        Assert.Equal(2, reader.Source.Snapshot().Connections);
        reader.Until(seen => !seen.Connected);
        var half = reader.Events.FindIndex(item => item.Kind == EventKind.Restart);
        Assert.Equal(Session.SpikeSamples,
            reader.Events.Skip(half).Where(item => item.Kind == EventKind.Spike).Select(item => item.Sample));
    }

    [Fact]
    public void Waiting_for_subscribers_that_never_come_can_be_stopped()
    {
        using var stop = new CancellationTokenSource(100);
        using var server = new ReplayServer(Session, new ReplayOptions { DataPort = 0, WaitForSubscribers = 1 });
        var summary = server.Run(stop.Token);
        Assert.True(summary is { Messages: 0, Rounds: 0, Stopped: true });
    }

    [Fact]
    public async Task What_a_slow_reader_loses_is_counted_on_both_sides()
    {
        var session = Sessions.Random(5, 40, 60);
        using var server = new ReplayServer(
            session, new ReplayOptions { Speed = 1e6, DataPort = 0, WaitForSubscribers = 1, HighWaterMark = 50, LingerMs = 0 });
        using var socket = new SubSocket(new ZmtpEndpoint("127.0.0.1", server.DataPort), new ZmtpOptions { ReceiveBufferBytes = 1 << 16 });
        socket.Subscribe(default);
        var message = new ZmtpMessage();
        var run = Run(server);
        while (!socket.IsConnected) socket.Receive(message, 1);
        var receiver = new OpenEphysReceiver(
            new OpenEphysOptions(), new UnitMap(session.Units), new SpscRing<SpikeEvent>(1 << 18), new StreamLedger("probe"),
                new SpscRing<BehaviourSample>(1 << 18));
        var summary = await run;
        ReceiveStatus status;
        while ((status = socket.Receive(message, 300)) != ReceiveStatus.Timeout)
        {
            Assert.Equal(ReceiveStatus.Message, status);
            receiver.Receive(message.FrameCount, message[0], message[1], message[2], message.ArrivalNs);
        }

        var seen = receiver.Snapshot();
        Assert.True(summary.Dropped > 0);
        Assert.Equal(summary.Messages, summary.Dropped + seen.Messages + (seen.FirstMessageNumber - 1));
        Assert.Equal(seen.LastMessageNumber - seen.FirstMessageNumber + 1, seen.Messages + seen.Lost);
    }

    [Fact]
    public void Neither_the_sending_nor_the_receiving_thread_allocates_per_message()
    {
        var session = Sessions.Random(5, 20, 60);
        using var server = new ReplayServer(session, new ReplayOptions { Speed = 0, DataPort = 0, WaitForSubscribers = 1 });
        using var socket = new SubSocket(new ZmtpEndpoint("127.0.0.1", server.DataPort));
        socket.Subscribe(default);
        long sender = 0;
        var thread = new Thread(() =>
        {
            var atStart = GC.GetAllocatedBytesForCurrentThread();
            server.Run(CancellationToken.None);
            sender = GC.GetAllocatedBytesForCurrentThread() - atStart;
        });
        thread.Start();

        var ring = new SpscRing<SpikeEvent>(1 << 12);
        var samples = new SpscRing<BehaviourSample>(1 << 12);
        var receiver = new OpenEphysReceiver(new OpenEphysOptions(), new UnitMap(session.Units), ring, new StreamLedger("probe"), samples);
        var events = new SpikeEvent[1 << 12];
        var values = new BehaviourSample[1 << 12];
        var message = new ZmtpMessage();
        Take(10_000);
        var receiving = AllocationGate.LeastBytes(() => Take(12_000));
        while (socket.Receive(message, 500) == ReceiveStatus.Message)
        {
        }

        thread.Join();
        Assert.Equal(0, receiving);

        // The run as a whole makes a summary and a waiter, and collections set off by other tests cost up to 8 kB each. The smallest object
        // is 24 bytes: one for each of 78 000 messages would be 1.9 MB.
        Assert.InRange(sender, 0, 500_000);

        void Take(int messages)
        {
            for (var n = 0; n < messages;)
            {
                var status = socket.Receive(message, 10_000);
                if (status == ReceiveStatus.Disconnected) continue;
                if (status != ReceiveStatus.Message) throw new InvalidOperationException($"After {n} messages: {status}.");
                receiver.Receive(message.FrameCount, message[0], message[1], message[2], message.ArrivalNs);
                n++;
                if (n % 1000 != 0) continue;
                ring.Drain(events);
                samples.Drain(values);
            }
        }
    }

    private static Receiving Read(ReplayServer server) => new(new OpenEphysOptions { Port = server.DataPort }, new UnitMap(Session.Units));

    private static Task<ReplaySummary> Run(ReplayServer server) =>
        Task.Factory.StartNew(() => server.Run(CancellationToken.None), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
}
