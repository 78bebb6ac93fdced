using System.Diagnostics;
using Realtime.Acquisition.Frames;
using Realtime.Acquisition.Replay;
using Realtime.Acquisition.ZeroMq;
using Realtime.Engine.Decoding;
using Realtime.Engine.Frames;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Tests.Replay;

/// <summary>Frames of a replay through real sockets, read as the rig reads them.</summary>
public class ReplayFramesTests
{
    private static readonly FrameShape Shape = new(2, 3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_frame_of_the_stretch_arrives_once_with_its_moment_and_its_pixels(bool areBytes)
    {
        var session = WithFrames(areBytes);
        using var server = new ReplayServer(session, new ReplayOptions
        {
            Speed = 8,
            FromSeconds = 0.5,
            ToSeconds = 3.5,
            StartSample = 1_000_000,
            DataPort = 0,
            FramesPort = 0,
            WaitForSubscribers = 1,
        });
        var input = new FrameInput(new FrameRing(Shape, 256), new FrameCounters());
        using var source = new FrameSource(new FrameSourceOptions { Port = server.FramesPort!.Value }, input);
        source.Start();
        using var data = new SubSocket(new ZmtpEndpoint("127.0.0.1", server.DataPort));
        data.Subscribe(default);
        var run = Task.Factory.StartNew(() => server.Run(CancellationToken.None), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (var message = new ZmtpMessage(); !run.IsCompleted;) data.Receive(message, 5);
        var summary = await run;
        var waited = Stopwatch.StartNew();
        while (input.Counters.Received < summary.Frames && waited.Elapsed < Patience) Thread.Sleep(5);

        var frames = session.Frames!;
        var due = Enumerable.Range(0, frames.Count).Where(frame => frames.Samples[frame] is >= 15_000 and < 105_000).ToArray();
        Assert.Equal((due.Length, 0, 0, 0), (summary.Frames, input.Counters.Invalid, input.Counters.Missing, input.Counters.RingFull));
        var pixels = new float[Shape.Pixels];
        foreach (var frame in due)
        {
            Assert.True(input.Ring.TryPeek(out var stamp, out var shown));
            Assert.Equal(frames.Samples[frame] - 15_000 + 1_000_000, stamp.Sample);
            frames.Read(frame, pixels);
            Assert.Equal(pixels, shown.ToArray());
            input.Ring.Release();
        }

        Assert.False(input.Ring.TryPeek(out _, out _));
    }

    [Fact]
    public void Frames_that_are_not_there_or_could_not_keep_up_are_refused()
    {
        var session = Sessions.Random(11, 8, 1);
        var error = Assert.Throws<ArgumentException>(() => new ReplayServer(session, new ReplayOptions { DataPort = 0, FramesPort = 0 }));
        Assert.Contains("holds no video frames", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => new ReplayServer(WithFrames(true), new ReplayOptions { Speed = 0, DataPort = 0, FramesPort = 0 }));
        Assert.Contains("speed above 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_on_the_port_of_the_data_or_the_heartbeats_are_refused_by_name()
    {
        int data, heartbeat;
        using (var free = new ReplayServer(WithFrames(true), new ReplayOptions { DataPort = 0 })) (data, heartbeat) = (free.DataPort, free.HeartbeatPort);
        var error = Assert.Throws<ArgumentException>(() => new ReplayServer(WithFrames(true), new ReplayOptions { DataPort = data, FramesPort = heartbeat }));
        Assert.Contains("frames and the heartbeats", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => new ReplayServer(WithFrames(true), new ReplayOptions { DataPort = data, FramesPort = data }));
        Assert.Contains("frames and the data", error.Message, StringComparison.Ordinal);
    }

    private static Session WithFrames(bool areBytes)
    {
        var session = Sessions.Random(11, 8, 4);
        long[] samples = [.. Enumerable.Range(0, 80).Select(frame => 1500L * frame)];
        return session with
        {
            Frames = areBytes
                ? new SessionFrames(samples, Shape, [.. Enumerable.Range(0, 480).Select(pixel => (byte)(pixel * 7))])
                : new SessionFrames(samples, Shape, [.. Enumerable.Range(0, 480).Select(pixel => pixel / 7f - 10)]),
        };
    }
}
