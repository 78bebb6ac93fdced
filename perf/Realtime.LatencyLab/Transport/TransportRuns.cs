using System.Buffers.Binary;
using Realtime.Engine.Time;

namespace Realtime.LatencyLab.Transport;

/// <summary>
/// The three measurements. Latencies are in ns, one for each message received; they count from the moment a message should have been sent
/// (open loop), never from when it was.
/// </summary>
internal static class TransportRuns
{
    private const int StampBytes = 8;
    private const int Warmup = 500;
    private const int SenderCore = 0;
    private const int ReceiverCore = 1;

    /// <summary>One message each interval from one thread to another.</summary>
    public static long[] OneWay(ITransportLink link, TransportLabOptions options)
    {
        var latencies = new long[options.Messages];
        var received = 0;
        var receiver = new Thread(() =>
        {
            Pinning.TryPin(ReceiverCore);
            var buffer = new byte[options.Size];
            for (var i = 0; i < Warmup + options.Messages; i++)
            {
                if (link.Receive(buffer) < 0) return;
                var latency = MonotonicClock.Instance.NowNs - BinaryPrimitives.ReadInt64LittleEndian(buffer);
                if (i >= Warmup) latencies[received++] = latency;
            }
        });
        receiver.Start();
        Paced(link, options, Warmup + options.Messages);
        receiver.Join();
        return latencies[..received];
    }

    /// <summary>The same over two links with an echo between them; the time until the message is back.</summary>
    public static long[] RoundTrip(ITransportLink there, ITransportLink back, TransportLabOptions options)
    {
        var latencies = new long[options.Messages];
        var received = 0;
        var total = Warmup + options.Messages;
        var echo = new Thread(() =>
        {
            Pinning.TryPin(ReceiverCore);
            var buffer = new byte[options.Size];
            for (var i = 0; i < total; i++)
            {
                if (there.Receive(buffer) < 0) return;
                back.Send(buffer);
            }
        });
        echo.Start();
        var asker = new Thread(() =>
        {
            Pinning.TryPin(SenderCore);
            var message = new byte[options.Size];
            var start = MonotonicClock.Instance.NowNs + options.IntervalNs;
            for (var i = 0; i < total; i++)
            {
                var due = start + i * options.IntervalNs;
                Pacer.WaitUntil(due);
                BinaryPrimitives.WriteInt64LittleEndian(message, due);
                there.Send(message);
                if (back.Receive(message) < 0) return;
                var latency = MonotonicClock.Instance.NowNs - BinaryPrimitives.ReadInt64LittleEndian(message);
                if (i >= Warmup) latencies[received++] = latency;
            }
        });
        asker.Start();
        asker.Join();
        echo.Join();
        return latencies[..received];
    }

    /// <summary>As many messages as go through, thousand a second, from the first to the last one received.</summary>
    public static double Flood(ITransportLink link, TransportLabOptions options)
    {
        var count = options.FloodMessages;
        long first = 0;
        long last = 0;
        var received = 0;
        var receiver = new Thread(() =>
        {
            Pinning.TryPin(ReceiverCore);
            var buffer = new byte[options.Size];
            while (received < count && link.Receive(buffer) >= 0)
            {
                if (received++ == 0) first = MonotonicClock.Instance.NowNs;
            }

            last = MonotonicClock.Instance.NowNs;
        });
        receiver.Start();
        var sender = new Thread(() =>
        {
            Pinning.TryPin(SenderCore);
            var message = new byte[options.Size];
            for (var i = 0; i < count; i++) link.Send(message);
        });
        sender.Start();
        sender.Join();
        receiver.Join();
        return received == count ? (count - 1) / ((last - first) / 1e6) : double.NaN;
    }

    private static void Paced(ITransportLink link, TransportLabOptions options, int count)
    {
        var sender = new Thread(() =>
        {
            Pinning.TryPin(SenderCore);
            var message = new byte[Math.Max(StampBytes, options.Size)];
            var start = MonotonicClock.Instance.NowNs + options.IntervalNs;
            for (var i = 0; i < count; i++)
            {
                var due = start + i * options.IntervalNs;
                Pacer.WaitUntil(due);
                BinaryPrimitives.WriteInt64LittleEndian(message, due);
                link.Send(message);
            }
        });
        sender.Start();
        sender.Join();
    }
}
