using System.Diagnostics;
using System.Globalization;
using Realtime.Acquisition.OpenEphys;
using Realtime.Acquisition.ZeroMq;
using Realtime.Engine.Events;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Sessions;

namespace Realtime.LatencyLab.Ingest;

/// <summary>Spike messages per second through socket, parser and ring on one receiving thread, and bytes allocated per message.</summary>
internal static class IngestLab
{
    private const int Units = 384;
    private const int RingCapacity = 65_536;

    /// <summary>Arguments: [--messages N] [--snippet SAMPLES] [--runs N].</summary>
    public static int Run(string[] args)
    {
        var messages = LabArguments.Long(args, "--messages", 1_000_000);
        var snippet = (int)LabArguments.Long(args, "--snippet", 40);
        var runs = (int)LabArguments.Long(args, "--runs", 5);
        Console.WriteLine("| run | messages/s | MB/s | bytes allocated per message | in the ring |");
        Console.WriteLine("|---|---|---|---|---|");
        for (var run = 1; run <= runs; run++) Once(run, messages, snippet);
        return 0;
    }

    private static void Once(int run, long messages, int snippet)
    {
        using var publisher = new PubSocket(new ZmtpEndpoint("127.0.0.1", 0), new ZmtpOptions { Overflow = OverflowPolicy.Wait, PeerQueueBytes = 64 << 20, HighWaterMark = 1 << 17 });
        using var subscriber = new SubSocket(new ZmtpEndpoint("127.0.0.1", publisher.Port), new ZmtpOptions { Spin = true });
        subscriber.Subscribe(default);
        var ring = new SpscRing<SpikeEvent>(RingCapacity);
        var ledger = new StreamLedger("flood");
        var receiver = new OpenEphysReceiver(new OpenEphysOptions { Stream = "probe" }, new UnitMap(UnitTable.Numbered(Units)), ring, ledger);
        var message = new ZmtpMessage();
        var batch = new SpikeEvent[RingCapacity];

        using var stop = new CancellationTokenSource();
        var sender = new Thread(() =>
        {
            publisher.WaitForSubscriber(1, 10_000);
            new SpikeFlood(Units, snippet).Send(publisher, messages, stop.Token);
        });
        sender.Start();

        long received = 0, inRing = 0, bytes = 0, warm = messages / 10, start = 0, allocated = 0;
        while (received < messages)
        {
            if (subscriber.Receive(message, 5_000) != ReceiveStatus.Message) continue;
            receiver.Receive(message.FrameCount, message[0], message[1], message[2], message.ArrivalNs);
            if (++received == warm)
            {
                start = Stopwatch.GetTimestamp();
                allocated = GC.GetAllocatedBytesForCurrentThread();
                bytes = 0;
            }

            bytes += message[0].Length + message[1].Length + message[2].Length;
            if (received % (RingCapacity / 2) == 0) inRing += ring.Drain(batch);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        inRing += ring.Drain(batch);
        stop.Cancel();
        sender.Join();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {run} | {(messages - warm) / seconds:N0} | {bytes / seconds / 1e6:0} | {(double)allocated / (messages - warm):0.###} | {inRing} of {messages}, {ledger.DroppedTotal} dropped |"));
    }
}
