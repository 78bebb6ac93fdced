using Realtime.Acquisition.Recordings;
using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Engine.Events;
using Realtime.Engine.Frames;
using Realtime.Engine.Offline;
using Realtime.Engine.Sessions;
using Realtime.Engine.Time;
using Realtime.Tests;

namespace Realtime.Host.Tests.Running.Recording;

/// <summary>Video frames of a recorded run: as the decoder got them, from when it got them.</summary>
public sealed class RecordedFramesTests : IDisposable
{
    private static readonly FrameShape Shape = new(2, 3);

    private readonly string _folder = Directory.CreateTempSubdirectory("Bilder für test ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(30_000, 0, 0, true)]
    [InlineData(30_000, 1_234_567, 9_000_001, false)]
    [InlineData(24_414.0625, 0, 5_000_000, true)]
    [InlineData(1000, 0, 333, false)]
    public void The_recorded_session_decodes_to_the_same_values_to_the_bit(double rateHz, long originSample, long from, bool areBytes)
    {
        var rig = new TapRig(_folder, rateHz, originSample, frames: Shape);
        Drive(rig, new Random(1), from, 100, areBytes);
        rig.Recorder.Stop();

        var report = rig.Recorder.Report();
        Assert.Equal((rig.Frames!.Counters.Taken, 0), (report.Frames + report.OutsideFrames, report.LostFrames));
        Assert.InRange(report.Frames, 90, 100);
        var session = SessionReader.Read(rig.Folder);
        Assert.Equal((report.Frames, areBytes), (session.Frames!.Count, session.Frames.AreBytes));
        Assert.Contains(Enumerable.Range(0, session.Frames.Count), frame => session.Frames.Arrivals[frame] > session.Frames.Samples[frame]);
        Assert.InRange(rig.Answers.Count, 140, 170);
        Assert.Equal(rig.Answers.Select(answer => answer.Value), Decode(session).TakeLast(rig.Answers.Count));

        // What is not known of a frame that came late changes answers.
        File.Delete(Path.Combine(rig.Folder, SessionFiles.FrameArrivals));
        Assert.NotEqual(rig.Answers.Select(answer => answer.Value), Decode(SessionReader.Read(rig.Folder)).TakeLast(rig.Answers.Count));
    }

    [Fact]
    public void Each_session_of_a_restarted_run_holds_its_own_frames_of_its_own_kind()
    {
        var rig = new TapRig(_folder, frames: Shape);
        Drive(rig, new Random(2), 900_000, 40, areBytes: true);
        rig.Input.Ring.TryWrite(SpikeEvent.Restart(rig.NowNs + 5));
        rig.Loop.Step(rig.NowNs);
        rig.Recorder.Take();
        var first = rig.Answers.Count;
        Drive(rig, new Random(3), 0, 40, areBytes: false);
        rig.Recorder.Stop();

        var report = rig.Recorder.Report();
        Assert.Equal((rig.Frames!.Counters.Taken, 0), (report.Frames + report.OutsideFrames, report.LostFrames));
        var (one, two) = (SessionReader.Read(rig.Folder), SessionReader.Read(rig.Folder + "-2"));
        Assert.Equal((true, false), (one.Frames!.AreBytes, two.Frames!.AreBytes));
        Assert.Equal(report.Frames, one.Frames.Count + two.Frames.Count);
        Assert.Equal(rig.Answers.Take(first).Select(answer => answer.Value), Decode(one).TakeLast(first));
        Assert.Equal(rig.Answers.Skip(first).Select(answer => answer.Value), Decode(two).TakeLast(rig.Answers.Count - first));
    }

    [Fact]
    public void Frames_that_find_no_room_or_do_not_fit_their_file_are_counted_and_the_rest_is_whole()
    {
        // Large frames: few of them may wait.
        var rig = new TapRig(_folder, frames: new FrameShape(1000, 1000));
        var random = new Random(4);
        rig.Watermark(0);
        for (var frame = 0; frame < 40; frame++)
        {
            rig.Frame(random, 600 * frame + 10, areBytes: true);
            rig.Watermark(600 * (frame + 1));
        }

        Assert.Equal((40, 8), (rig.Tap.FramesTaken, rig.Tap.FramesLost));
        rig.Recorder.Take();
        rig.Frame(random, 24_010, areBytes: false);
        rig.Watermark(24_600);
        rig.Frame(random, 24_610, areBytes: true);
        rig.Watermark(25_200);
        rig.Frame(random, 25_210, areBytes: true);
        rig.Recorder.Stop();
        var report = rig.Recorder.Report();
        Assert.Equal((33, 1, 9), (report.Frames, report.OutsideFrames, report.LostFrames));
        Assert.Equal(33, SessionReader.Read(rig.Folder).Frames!.Count);
        Assert.Contains("9 video frames", Host.Running.Recording.SessionRecording.Warning(report));
    }

    [Fact]
    public void A_disk_that_fills_up_leaves_the_frames_before_it_and_counts_the_others()
    {
        var free = long.MaxValue;
        var rig = new TapRig(_folder, freeBytes: () => free, frames: Shape);
        Drive(rig, new Random(5), 0, 50, areBytes: true);
        free = 999;
        rig.Recorder.Flush();
        Drive(rig, new Random(6), 60_000, 50, areBytes: true);
        rig.Recorder.Stop();
        var report = rig.Recorder.Report();
        Assert.True(report.LostFrames > 40);
        Assert.Equal(rig.Tap.FramesTaken, report.Frames + report.OutsideFrames + report.LostFrames);
        Assert.Equal(report.Frames, SessionReader.Read(rig.Folder).Frames!.Count);
        Assert.Contains("video frames", Host.Running.Recording.SessionRecording.Warning(report));
    }

    [Fact]
    public void Neither_thread_allocates_for_frames_once_they_run()
    {
        var rig = new TapRig(_folder, ring: 1 << 14, frames: new FrameShape(30, 40)) { KeepAnswers = false };
        var (random, next) = (new Random(7), 0L);
        rig.Watermark(0);
        void Step()
        {
            for (var end = next + 30_000; next < end; next += 600)
            {
                rig.Frame(random, next + 10, areBytes: true);
                rig.Watermark(next + 600);
                rig.Recorder.Take();
            }

            rig.Recorder.Flush();
        }

        Step();
        Assert.Equal(0, AllocationGate.LeastBytes(Step));
        Assert.Equal(0, rig.Tap.FramesLost);
        rig.Recorder.Stop();
    }

    /// <summary>
    /// Spikes, and frames every 30 ms: one of them without a sample number, some two ticks before they are shown, some up to three ticks after, the first
    /// ones before the first data.
    /// </summary>
    private static void Drive(TapRig rig, Random random, long from, int frames, bool areBytes)
    {
        var ms = rig.RateHz / 1000;
        var shown = Enumerable.Range(0, frames).Select(frame => from + (long)((30 * frame - 50) * ms)).Where(sample => sample >= 0).ToArray();
        var arrivals = new long[shown.Length];
        for (var frame = 0; frame < shown.Length; frame++) arrivals[frame] = Math.Max(frame == 0 ? 0 : arrivals[frame - 1], shown[frame] + (long)((random.Next(100) - 40) * ms));
        var next = 0;
        rig.Watermark(from);
        for (var start = from; start < from + 30 * (frames - 1) * ms; start += (long)(10 * ms))
        {
            for (; next < shown.Length && arrivals[next] < start; next++)
                rig.Frame(random, next == 20 ? FrameStamp.NoSample : shown[next], areBytes, shown[next]);
            rig.Play(random, start, start + (long)(10 * ms));
            rig.Recorder.Take();
        }
    }

    private static List<float> Decode(Session session)
    {
        var sink = new Sink([]);
        OfflineDecoding.Run(
            session, new TimeRange(0, session.DurationSeconds + 1 / session.SampleRateHz), new FingerprintDecoder(TapRig.Units, TapRig.WindowNs, TapRig.HopNs, Shape), TapRig.HopNs, [.. Enumerable.Range(0, 5)], sink, MonotonicClock.Instance);
        return sink.Values;
    }

    private sealed record Sink(List<float> Values) : IAnswerSink
    {
        public void Publish(in TickAnswer answer, ReadOnlySpan<float> answered) => Values.Add(answered[0]);
    }
}
