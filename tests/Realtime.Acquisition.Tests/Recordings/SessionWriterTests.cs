using System.Text.Json.Nodes;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Tests.Recordings;

public class SessionWriterTests
{
    [Fact]
    public void A_written_session_reads_back_the_same()
    {
        using var temp = new TempFolder();
        var session = SmallSession.Make();
        SessionWriter.Write(session, temp.File("deep/er"), new Dictionary<string, JsonNode?> { ["rig"] = "table 3" });
        var notes = new List<string>();
        SmallSession.AssertSame(session, SessionReader.Read(temp.File("deep/er"), note: notes.Add));
        Assert.Empty(notes);
        Assert.Equal("table 3", (string?)JsonNode.Parse(File.ReadAllText(temp.File("deep/er/meta.json")))!["rig"]);
        Assert.Single(Directory.GetFileSystemEntries(temp.File("deep")));
    }

    [Fact]
    public void Frames_of_numbers_and_none_at_all_survive_writing_and_reading()
    {
        using var temp = new TempFolder();
        var session = SmallSession.Make();
        var numbers = session with { Frames = new SessionFrames([0, 7], new FrameShape(1, 2), [-0.5f, 1e-30f, 3e30f, 0f], [3, 7]) };
        SessionWriter.Write(numbers, temp.File("numbers"));
        SmallSession.AssertSame(numbers, SessionReader.Read(temp.File("numbers")));
        SessionWriter.Write(session with { Frames = null }, temp.File("numbers"), overwrite: true);
        Assert.Null(SessionReader.Read(temp.File("numbers")).Frames);
    }

    [NeedsSharedFact]
    public void A_real_session_survives_writing_and_reading()
    {
        using var temp = new TempFolder();
        var session = SessionReader.Read(Path.Combine(RepositoryFiles.Shared!, "data", "ca1_linear_track"));
        SessionWriter.Write(session, temp.File("copy"));
        SmallSession.AssertSame(session, SessionReader.Read(temp.File("copy")));
    }

    [Fact]
    public void A_folder_that_holds_anything_is_left_alone()
    {
        using var temp = new TempFolder();
        File.WriteAllText(temp.File("notes.txt"), "mine");
        foreach (var overwrite in new[] { false, true })
        {
            var error = Assert.Throws<IOException>(() => SessionWriter.Write(SmallSession.Make(), temp.Root, overwrite: overwrite));
            Assert.Contains("notes.txt", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("mine", File.ReadAllText(temp.File("notes.txt")));
        Assert.Single(Directory.GetFileSystemEntries(temp.Root));
    }

    [Fact]
    public void A_session_folder_is_replaced_only_when_asked()
    {
        using var temp = new TempFolder();
        var folder = temp.File("out");
        Directory.CreateDirectory(folder);
        SessionWriter.Write(SmallSession.Make(), folder);
        Assert.Throws<IOException>(() => SessionWriter.Write(SmallSession.Make(), folder));
        SessionWriter.Write(SmallSession.Make(), folder, overwrite: true);
        SmallSession.AssertSame(SmallSession.Make(), SessionReader.Read(folder));
        Assert.Single(Directory.GetFileSystemEntries(temp.Root));
    }

    [Fact]
    public void A_failed_write_leaves_nothing_behind()
    {
        using var temp = new TempFolder();
        Assert.Throws<InvalidOperationException>(() =>
            SessionWriter.Write(SmallSession.Make(), temp.File("out"), addFiles: _ => throw new InvalidOperationException("disk full")));
        Assert.Empty(Directory.GetFileSystemEntries(temp.Root));
    }

    [Fact]
    public void An_extra_key_may_not_hide_one_of_the_session()
    {
        using var temp = new TempFolder();
        var extra = new Dictionary<string, JsonNode?> { ["n_units"] = 4 };
        Assert.Contains("n_units", Assert.Throws<ArgumentException>(() =>
            SessionWriter.Write(SmallSession.Make(), temp.File("out"), extra)).Message,
            StringComparison.Ordinal);
    }
}
