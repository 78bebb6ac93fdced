using System.Diagnostics;
using System.Globalization;
using Realtime.Acquisition.Frames;
using Realtime.Engine.Decoding;
using Realtime.Engine.Frames;
using Realtime.Interop.Tests.Program;

namespace Realtime.Interop.Tests.Frames;

/// <summary>Frames sent by pyzmq and msgpack, whole and broken, through a real socket.</summary>
public class FrameSourceTests
{
    private static readonly FrameShape Shape = new(2, 3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [NeedsPythonFact("zmq", "msgpack", "numpy")]
    public void Whole_frames_arrive_with_their_numbers_and_all_else_is_counted()
    {
        var port = RigFixture.FreePort();
        var input = new FrameInput(new FrameRing(Shape, 8), new FrameCounters());
        using var source = new FrameSource(new FrameSourceOptions { Port = port, Scale = 0.5f }, input);
        source.Start();
        using var sender = PythonPeer.Start("Frames/send_frames.py", port.ToString(CultureInfo.InvariantCulture));
        WaitFor(() => source.Connected);
        sender.WriteLine("go");

        // Bytes 0..5 of sample 1000, float32 of no sample, then broken ones, then number 9.
        WaitFor(() => input.Counters.Received == 3);
        Assert.True(input.Ring.TryPeek(out var stamp, out var pixels));
        Assert.Equal(1000, stamp.Sample);
        Assert.Equal([0f, 0.5f, 1f, 1.5f, 2f, 2.5f], pixels.ToArray());
        input.Ring.Release();
        Assert.True(input.Ring.TryPeek(out stamp, out pixels));
        Assert.Equal(FrameStamp.NoSample, stamp.Sample);
        Assert.True(stamp.ArrivalNs > 0);
        Assert.Equal([0.25f, 0.5f, 0.75f, 1f, 1.25f, 1.5f], pixels.ToArray());
        input.Ring.Release();
        Assert.True(input.Ring.TryPeek(out stamp, out _));
        Assert.Equal(5000, stamp.Sample);
        Assert.Equal(sender.ReadLine(), input.Counters.Invalid.ToString(CultureInfo.InvariantCulture));
        // Number 2 came, though broken; 3 to 8 did not.
        Assert.Equal(6, input.Counters.Missing);
    }

    [NeedsPythonFact("zmq", "msgpack", "numpy")]
    public void The_sender_that_comes_with_the_program_is_understood()
    {
        var port = RigFixture.FreePort();
        var input = new FrameInput(new FrameRing(new FrameShape(4, 5), 32), new FrameCounters());
        using var source = new FrameSource(new FrameSourceOptions { Port = port }, input);
        source.Start();
        using var sender = PythonPeer.Start("../../rig-configs/clients/frames.py", "--port", port.ToString(CultureInfo.InvariantCulture), "--height", "4", "--width", "5", "--rate", "100");
        WaitFor(() => input.Counters.Received >= 10);
        Assert.Equal(0, input.Counters.Invalid);
    }

    private static void WaitFor(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, "It did not happen in a minute.");
            Thread.Sleep(5);
        }
    }
}
