using System.Text.Json.Nodes;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Tests.Recordings;

public sealed class SessionRepairTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("Aufnahme ").FullName, "session");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void A_completed_recording_reads_back_and_needs_no_repair()
    {
        using (var session = Record(flush: true)) session.Complete(new TimeRange(0, 2), []);
        Assert.False(SessionRepair.IsNeeded(_folder));
        var read = SessionReader.Read(_folder);
        Assert.Equal((100, 20, 2.0, "run 1"), (read.SpikeSamples.Length, read.BehaviourSamples.Length, read.DurationSeconds, read.Name));
        Assert.Equal(3 * 99, read.SpikeSamples[99]);
        Assert.Equal([4, 40], read.BehaviourValues[8..10]);
        Assert.Equal((10, new FrameShape(2, 3), true), (read.Frames!.Count, read.Frames.Shape, read.Frames.AreBytes));
        Assert.Equal([57, 9, 9, 9, 9, 250], read.Frames.Bytes[^6..].ToArray());
        Assert.Equal((270, 275), (read.Frames.Samples[9], read.Frames.Arrivals[9]));
    }

    [Theory]
    [InlineData(SessionFiles.SpikeTimes, 0)]
    [InlineData(SessionFiles.SpikeTimes, 5)]
    [InlineData(SessionFiles.SpikeClusters, 3)]
    [InlineData(SessionFiles.BehaviourTimes, 8)]
    [InlineData(SessionFiles.BehaviourValues, 7)]
    [InlineData(SessionFiles.FrameTimes, 16)]
    [InlineData(SessionFiles.FrameArrivals, 1)]
    [InlineData(SessionFiles.FrameValues, 13)]
    public void What_a_kill_leaves_is_cut_to_the_rows_that_all_files_hold(string file, int bytes)
    {
        // Rows of one file lie there already, and its header does not count them.
        Record(flush: true).Dispose();
        using (var stream = new FileStream(Path.Combine(_folder, file), FileMode.Append)) stream.Write(new byte[bytes]);
        Assert.True(SessionRepair.IsNeeded(_folder));
        var notes = SessionRepair.Repair(_folder);
        Assert.Contains("100 spikes and 20 rows of behaviour, 10 video frames", notes[0]);
        Assert.False(SessionRepair.IsNeeded(_folder));
        var read = SessionReader.Read(_folder);
        Assert.Equal((100, 20, 10), (read.SpikeSamples.Length, read.BehaviourSamples.Length, read.Frames!.Count));
    }

    [Fact]
    public void Frames_of_which_a_file_was_not_begun_are_taken_away_and_told()
    {
        Record(flush: true).Dispose();
        File.Delete(Path.Combine(_folder, SessionFiles.FrameArrivals));
        Assert.Contains("before the first video frame", string.Concat(SessionRepair.Repair(_folder)));
        Assert.Null(SessionReader.Read(_folder).Frames);
    }

    [Fact]
    public void Pixels_whose_header_is_damaged_are_left_alone_and_named()
    {
        Record(flush: true).Dispose();
        var path = Path.Combine(_folder, SessionFiles.FrameValues);
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.Position = 30;
            file.WriteByte((byte)'?');
        }

        var length = new FileInfo(path).Length;
        Assert.Contains("header is damaged", Assert.Throws<SessionFormatException>(() => SessionRepair.Repair(_folder)).Message);
        Assert.Equal(length, new FileInfo(path).Length);
    }

    [Fact]
    public void A_file_that_is_a_flush_ahead_of_its_partner_is_cut_back()
    {
        Record(flush: true).Dispose();
        var clusters = Path.Combine(_folder, SessionFiles.SpikeClusters);
        using (var stream = new FileStream(clusters, FileMode.Open)) stream.SetLength(128 + 4 * 60);
        Assert.Contains("40 spikes", string.Concat(SessionRepair.Repair(_folder)));
        Assert.Equal(60, SessionReader.Read(_folder).SpikeSamples.Length);
    }

    [Fact]
    public void A_kill_before_anything_was_flushed_leaves_an_empty_session_and_one_before_the_description_is_told()
    {
        Record(flush: false).Dispose();
        SessionRepair.Repair(_folder);
        Assert.Empty(SessionReader.Read(_folder).SpikeSamples);
        Assert.Equal(0, SessionReader.Read(_folder).Frames!.Count);
        File.Delete(Path.Combine(_folder, SessionFiles.Meta));
        Assert.Contains("Record again", Assert.Throws<SessionFormatException>(() => SessionRepair.IsNeeded(_folder)).Message);
    }

    [Fact]
    public void Files_of_another_hand_are_never_cut()
    {
        Record(flush: true).Dispose();
        var path = Path.Combine(_folder, SessionFiles.SpikeTimes);
        File.WriteAllText(path, "my own notes");
        Assert.Contains("Only what 'rtdecode run' recorded", Assert.Throws<SessionFormatException>(() => SessionRepair.Repair(_folder)).Message);
        Assert.Equal("my own notes", File.ReadAllText(path));
    }

    private SessionAppender Record(bool flush)
    {
        var session = new SessionAppender(_folder, "run 1", UnitTable.Numbered(3).Units, 1000, new JsonObject { ["first_sample"] = 7 });
        session.BeginBehaviour([new OutputChannel("x", "cm"), new OutputChannel("y", "cm")]);
        for (var spike = 0; spike < 100; spike++) session.AddSpike(3 * spike, spike % 3);
        for (var row = 0; row < 20; row++) session.AddBehaviour(10 * row, [row, 10 * row]);
        session.BeginFrames(new FrameShape(2, 3), areBytes: true);
        for (var frame = 0; frame < 10; frame++) session.AddFrame(30 * frame, 30 * frame + (frame == 9 ? 5 : 0), [48 + frame, 9, 9, 9, 9, 250]);
        if (flush) session.Flush();
        return session;
    }
}
