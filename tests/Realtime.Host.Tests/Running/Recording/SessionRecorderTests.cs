using Realtime.Acquisition.Recordings;
using Realtime.Engine.Answers;
using Realtime.Engine.Events;
using Realtime.Engine.Offline;
using Realtime.Engine.Sessions;
using Realtime.Engine.Time;
using Realtime.Tests;

namespace Realtime.Host.Tests.Running.Recording;

public sealed class SessionRecorderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("Aufnahme für test ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(30_000, 0, 0)]
    [InlineData(30_000, 0, 7_777_777)]
    [InlineData(30_000, 1_234_567, 9_000_001)]
    [InlineData(24_414.0625, 0, 5_000_000)]
    [InlineData(1000, 0, 333)]
    public void The_recorded_session_decodes_to_the_same_values_to_the_bit(double rateHz, long originSample, long from)
    {
        var rig = new TapRig(_folder, rateHz, originSample);
        rig.Watermark(from);
        rig.Play(new Random(1), from, from + (long)(3 * rateHz));
        rig.Recorder.Stop();

        var session = SessionReader.Read(rig.Folder);
        Assert.Equal(TapRig.Units.Units, session.Units.Units);
        Assert.Equal(rateHz, session.SampleRateHz);
        var report = rig.Recorder.Report();
        Assert.Equal((session.SpikeSamples.Length, 0, 0), (report.Spikes, report.LostSpikes, report.LostBehaviourValues));
        Assert.Equal(rig.Tap.Taken, report.Spikes + report.OutsideSpikes + report.LostSpikes);
        Assert.True(report.Spikes > 2000);

        var replayed = new List<float>();
        OfflineDecoding.Run(
            session, new TimeRange(0, session.DurationSeconds + 1 / rateHz), new FingerprintDecoder(TapRig.Units, TapRig.WindowNs, TapRig.HopNs), TapRig.HopNs, [.. Enumerable.Range(0, 5)], new Sink(replayed), MonotonicClock.Instance);
        Assert.InRange(rig.Answers.Count, 140, 151);
        Assert.Equal(rig.Answers.Select(answer => answer.Value), replayed.TakeLast(rig.Answers.Count));
    }

    [Fact]
    public void Behaviour_that_comes_in_blocks_out_of_step_lies_row_by_row_on_the_spikes_clock()
    {
        var rig = new TapRig(_folder);
        rig.Watermark(60_000);
        for (var start = 60_000; start < 120_000; start += 600)
        {
            // Channel after channel, as a continuous stream in blocks of two samples sends it; one value is missing.
            for (var channel = 0; channel < 2; channel++)
                for (var sample = start; sample < start + 600; sample += 300)
                    if (sample != 66_300 || channel == 0) rig.Behaviour(sample, channel, sample + channel, message: start);
            rig.Spike(start + 1, 0);
            rig.Watermark(start + 600);
            rig.Recorder.Take();
        }

        rig.Recorder.Stop();
        var session = SessionReader.Read(rig.Folder);
        Assert.Equal(["x", "y"], session.Behaviour.Select(channel => channel.Name));
        Assert.Equal(Enumerable.Range(0, 200).Select(row => 300L * row), session.BehaviourSamples);
        Assert.True(float.IsNaN(session.BehaviourValues[2 * 21 + 1]));
        for (var row = 0; row < 200; row++)
            Assert.Equal([60_000 + 300 * row, row == 21 ? float.NaN : 60_001 + 300 * row], session.BehaviourValues[(2 * row)..(2 * row + 2)]);
        Assert.Equal((200, 0), (rig.Recorder.Report().BehaviourRows, rig.Recorder.Report().LostBehaviourValues));
        Assert.Equal(2, session.DurationSeconds, 9);
    }

    [Fact]
    public void A_restart_begins_another_session_and_nothing_of_the_first_leaks_into_it()
    {
        var rig = new TapRig(_folder);
        var random = new Random(2);
        rig.Watermark(900_000);
        rig.Play(random, 900_000, 960_000);
        rig.Input.Ring.TryWrite(SpikeEvent.Restart(rig.Host(960_000) + 5));
        rig.Recorder.AddBehaviour(new BehaviourSample(30_000, 7, 0, rig.Host(960_000) + 10));
        rig.Loop.Step(rig.NowNs);
        rig.Recorder.Take();
        rig.Watermark(0);
        rig.Play(random, 0, 30_000);
        rig.Recorder.Stop();

        var report = rig.Recorder.Report();
        Assert.Equal([rig.Folder, rig.Folder + "-2"], report.Folders);
        Assert.Equal(rig.Tap.Taken, report.Spikes + report.OutsideSpikes + report.LostSpikes);
        var (first, second) = (SessionReader.Read(rig.Folder), SessionReader.Read(rig.Folder + "-2"));
        Assert.Equal((2, 1), (first.DurationSeconds, second.DurationSeconds));
        Assert.Equal(report.Spikes, first.SpikeSamples.Length + second.SpikeSamples.Length);
        Assert.Empty(first.Behaviour);
        Assert.Equal(("run", "run-2"), (first.Name, second.Name));
    }

    [Fact]
    public void Units_that_the_model_does_not_know_are_recorded_after_its_own_and_never_decoded()
    {
        var rig = new TapRig(_folder);
        rig.Watermark(0);
        foreach (var (sample, unit) in new[] { (100, 6), (200, 0), (300, 5), (400, 6) }) rig.Spike(sample, unit);
        rig.Watermark(6000);
        rig.Recorder.Stop();
        var session = SessionReader.Read(rig.Folder);
        Assert.Equal([100, 200, 300, 400], session.SpikeSamples);
        Assert.Equal([5, 0, 6, 5], session.SpikeUnits);
        Assert.Equal([new UnitId("stream 0", "unknown 1", 0), new UnitId("stream 0", "unknown 0", 0)], session.Units.Units.Skip(5));
        Assert.Equal(3, rig.Input.Ledger.Dropped(Engine.Ledger.DropReason.UnknownUnit));
        Assert.Equal(0, rig.Input.Ledger.InFlight);
    }

    [Fact]
    public void A_recorder_that_falls_behind_loses_spikes_and_counts_them()
    {
        var rig = new TapRig(_folder, ring: 64);
        rig.Watermark(0);
        rig.Play(new Random(3), 0, 30_000);
        rig.Recorder.Take();
        rig.Play(new Random(4), 30_000, 60_000);
        rig.Recorder.Stop();
        var report = rig.Recorder.Report();
        Assert.True(report.LostSpikes > 500);
        Assert.Equal(rig.Tap.Taken, report.Spikes + report.OutsideSpikes + report.LostSpikes);
        Assert.Equal(report.Spikes, SessionReader.Read(rig.Folder).SpikeSamples.Length);
        Assert.Equal(100, rig.Answers.Count);
    }

    [Fact]
    public void A_disk_that_fills_up_ends_the_recording_and_leaves_a_whole_session()
    {
        var free = long.MaxValue;
        var rig = new TapRig(_folder, freeBytes: () => free);
        rig.Watermark(0);
        rig.Play(new Random(5), 0, 30_000);
        rig.Recorder.Take();
        rig.Recorder.Flush();
        Assert.Null(rig.Recorder.Failure);
        rig.Play(new Random(6), 30_000, 60_000);
        free = 999;
        rig.Recorder.Take();
        rig.Recorder.Flush();
        Assert.Contains("disk is nearly full", rig.Recorder.Failure);
        rig.Play(new Random(7), 60_000, 90_000);
        rig.Recorder.Stop();
        var report = rig.Recorder.Report();
        Assert.True(report.LostSpikes > 500);
        Assert.Equal(rig.Tap.Taken, report.Spikes + report.OutsideSpikes + report.LostSpikes);
        var session = SessionReader.Read(rig.Folder);
        Assert.Equal(report.Spikes, session.SpikeSamples.Length);
        Assert.InRange(session.DurationSeconds, 1.8, 2);
        Assert.Equal(150, rig.Answers.Count);
    }

    [Fact]
    public void A_run_that_answered_nothing_leaves_no_session()
    {
        var rig = new TapRig(_folder);
        rig.Spike(10, 1);
        rig.Loop.Step(0);
        rig.Recorder.Stop();
        Assert.Empty(rig.Recorder.Report().Folders);
        Assert.Equal(1, rig.Recorder.Report().OutsideSpikes);
    }

    [Fact]
    public void The_decode_thread_allocates_nothing_while_it_is_recorded()
    {
        var rig = new TapRig(_folder, ring: 1 << 16) { KeepAnswers = false };
        rig.Watermark(0);
        var (random, next) = (new Random(8), 0L);
        void Drive()
        {
            rig.Play(random, next, next + 30_000);
            next += 30_000;
        }

        Drive();
        Assert.Equal(0, AllocationGate.LeastBytes(Drive));
        Assert.Equal(0, rig.Tap.Lost);
        rig.Recorder.Stop();
    }

    [Fact]
    public void The_recorder_allocates_nothing_once_it_runs()
    {
        var rig = new TapRig(_folder, ring: 1 << 16) { KeepAnswers = false };
        rig.Watermark(0);
        var (random, next) = (new Random(9), 0L);
        void Drive()
        {
            rig.Play(random, next, next + 30_000);
            for (var sample = next; sample < next + 30_000; sample += 300)
                for (var channel = 0; channel < 2; channel++) rig.Behaviour(sample, channel, sample);
            rig.Recorder.Take();
            rig.Recorder.Flush();
            next += 30_000;
        }

        Drive();
        Assert.Equal(0, AllocationGate.LeastBytes(Drive));
        rig.Recorder.Stop();
    }

    private sealed class Sink(List<float> values) : IAnswerSink
    {
        public void Publish(in TickAnswer answer, ReadOnlySpan<float> answered) => values.Add(answered[0]);
    }
}
