using System.Text.Json;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Sessions;

namespace Realtime.Tests.Recordings;

public class RealSessionTests
{
    [NeedsSharedFact]
    public void Every_shared_session_reads_as_its_meta_json_says()
    {
        var folders = Directory.GetDirectories(Path.Combine(RepositoryFiles.Shared!, "data"))
            .Where(folder => File.Exists(Path.Combine(folder, SessionFiles.Meta))).Order().ToArray();
        Assert.True(folders.Length >= 10, $"only {folders.Length} session folders in the shared data");
        foreach (var folder in folders)
        {
            var session = SessionReader.Read(folder);
            using var meta = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, SessionFiles.Meta)));
            var root = meta.RootElement;
            Assert.Equal(root.GetProperty("name").GetString(), session.Name);
            Assert.Equal(root.GetProperty("n_units").GetInt32(), session.Units.Count);
            Assert.Equal(root.GetProperty("n_spikes").GetInt32(), session.SpikeSamples.Length);
            Assert.Equal(session.SpikeSamples.Length, session.SpikeUnits.Length);
            Assert.Equal(root.GetProperty("n_behaviour_samples").GetInt32(), session.BehaviourSamples.Length);
            Assert.Equal(session.BehaviourSamples.Length * session.Behaviour.Count, session.BehaviourValues.Length);
            Assert.Equal(root.GetProperty("behaviour_channels").GetArrayLength(), session.Behaviour.Count);
            Assert.Equal(root.GetProperty("splits").GetProperty("test")[0][0].GetDouble(), session.Test[0].Start);
            Assert.True(session.SpikeSamples.Zip(session.SpikeSamples.Skip(1)).All(pair => pair.First <= pair.Second), session.Name);
            Assert.Contains("licence", session.Source, StringComparison.Ordinal);
        }
    }

    [NeedsSharedFact]
    public void A_made_up_gap_between_recordings_moves_the_end_and_is_noted()
    {
        var notes = new List<string>();
        var session = SessionReader.Read(Shared("m1_reach_42u"), note: notes.Add);
        Assert.Equal(281.7, session.DurationSeconds);
        Assert.Equal([new TimeRange(0, 217), new TimeRange(218, 281.7)], session.Segments);
        Assert.Contains("281.7", Assert.Single(notes), StringComparison.Ordinal);
    }

    [NeedsSharedFact]
    public void Trials_stand_in_for_missing_segments()
    {
        var notes = new List<string>();
        var session = SessionReader.Read(Shared("npx_cori_1217"), note: notes.Add);
        Assert.Equal(251, session.Segments.Count);
        Assert.Equal(0.4, session.Segments[100].Length, 1e-9);
        Assert.Contains("251 trials", Assert.Single(notes), StringComparison.Ordinal);
    }

    private static string Shared(string session) => Path.Combine(RepositoryFiles.Shared!, "data", session);
}
