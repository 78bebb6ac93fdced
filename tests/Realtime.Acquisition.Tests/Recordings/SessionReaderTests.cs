using System.Text.Json.Nodes;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Sessions;

namespace Realtime.Tests.Recordings;

public sealed class SessionReaderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public SessionReaderTests() => SessionWriter.Write(SmallSession.Make(), Folder);

    private string Folder => _temp.File("session");

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("n_units", "\"three\"", "whole number")]
    [InlineData("n_units", "0", "whole number")]
    [InlineData("n_units", "1e300", "whole number")]
    [InlineData("n_units", "2", "n_units is 2")]
    [InlineData("duration_s", "-1", "duration_s")]
    [InlineData("duration_s", "1e999", "duration_s")]
    [InlineData("duration_s", "\"ten\"", "a number")]
    [InlineData("sample_rate_hz", "0", "sample_rate_hz")]
    [InlineData("behaviour_channels", "[]", "behaviour_channels")]
    [InlineData("behaviour_channels", "[{\"name\": \"x\"}]", "(3, 1)")]
    [InlineData("behaviour_channels", "[{\"name\": \"x\"}, {\"name\": \"x\"}]", "twice")]
    [InlineData("behaviour_channels", "[{\"name\": \"x\"}, {\"nam\": \"y\"}]", "Is 'behaviour_channels[1].nam' meant")]
    [InlineData("behaviour_channels", "[1, 2]", "behaviour_channels[0]")]
    [InlineData("segments", "[[0, 4], [3, 10]]", "segments[1]")]
    [InlineData("segments", "[[0, 4], [9]]", "segments[1]")]
    [InlineData("segments", "[[0, \"end\"]]", "segments[0]")]
    [InlineData("splits", "{\"train\": [[0, 5]], \"test\": [[4, 10]]}", "share the time")]
    [InlineData("splits", "{\"train\": [[5, 5]]}", "empty")]
    [InlineData("splits", "{\"train\": [[0, 11]]}", "outside")]
    [InlineData("splits", "{\"training\": [[0, 1]]}", "Did you mean 'train'")]
    [InlineData("splits", "[]", "object")]
    [InlineData("unit_names", "[]", "0 entries")]
    [InlineData("unit_names",
        "[{\"stream\":\"a\",\"electrode\":\"b\",\"sorted_id\":1},{\"stream\":\"a\",\"electrode\":\"b\",\"sorted_id\":1},{}]", "twice")]
    [InlineData("unit_names", "[{\"stream\":\"a\",\"electrode\":\"b\",\"sorted_id\":1.5},{},{}]", "whole number")]
    [InlineData("name", "7", "text")]
    public void A_wrong_value_in_meta_json_is_refused_by_its_key(string key, string value, string said)
    {
        Change(meta => meta[key] = JsonNode.Parse(value));
        var error = Refused();
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_key_is_named()
    {
        Change(meta =>
        {
            meta["n_unit"] = 3;
            meta.Remove("n_units");
        });
        Assert.Contains("Is 'n_unit' meant", Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_json_is_refused_with_its_line()
    {
        File.WriteAllText(Path.Combine(Folder, "meta.json"), "{\n\"n_units\": 3,\n\"score\": NaN\n}");
        Assert.Contains("line 3", Refused().Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Folder, "meta.json"), "{\"n_units\": 3, \"n_units\": 4}");
        Refused();
        File.WriteAllText(Path.Combine(Folder, "meta.json"), "[3]");
        Refused();
        File.WriteAllText(Path.Combine(Folder, "meta.json"), "");
        Refused();
    }

    [Theory]
    [InlineData(new[] { 0, 1, 0.5, 2, 3, 4 }, "index 2")]
    [InlineData(new[] { 0, 1, double.NaN, 2, 3, 4 }, "index 2")]
    [InlineData(new[] { 0, 1, 2, 3, 4, double.PositiveInfinity }, "index 5")]
    [InlineData(new[] { -0.1, 1, 2, 3, 4, 5 }, "negative")]
    [InlineData(new[] { 0, 1, 2, 3, 4, 3e11 }, "divide by the sample rate")]
    [InlineData(new[] { 0, 1, 2, 3, 4, 11.0 }, "ends at 10 s")]
    [InlineData(new[] { 0, 1, 2, 3, 4.0 }, "(5,)")]
    public void Spike_times_that_cannot_be_are_refused_by_their_index(double[] times, string said)
    {
        NpyFile.Write<double>(Path.Combine(Folder, SessionFiles.SpikeTimes), times, times.Length);
        Assert.Contains(said, Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_in_another_number_type_are_refused_with_the_way_out()
    {
        NpyFile.Write<float>(Path.Combine(Folder, SessionFiles.SpikeTimes), [0, 1, 2, 3, 4, 5], 6);
        Assert.Contains("float32", Refused().Message, StringComparison.Ordinal);
        NpyFile.Write<long>(Path.Combine(Folder, SessionFiles.SpikeTimes), [0, 1, 2, 3, 4, 5], 6);
        Assert.Contains("divide", Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clusters_of_any_integer_type_are_read_and_others_refused()
    {
        NpyFile.Write<ulong>(Path.Combine(Folder, SessionFiles.SpikeClusters), [0, 2, 1, 1, 0, 2], 6, 1);
        Assert.Equal(SmallSession.Make().SpikeUnits, SessionReader.Read(Folder).SpikeUnits);
        NpyFile.Write<ulong>(Path.Combine(Folder, SessionFiles.SpikeClusters), [0, 2, 1, 1, 1UL << 40, 2], 6);
        Assert.Contains("Element 4", Refused().Message, StringComparison.Ordinal);
        NpyFile.Write<int>(Path.Combine(Folder, SessionFiles.SpikeClusters), [0, 2, 1, -1, 0, 2], 6);
        Assert.Contains("-1 at index 3", Refused().Message, StringComparison.Ordinal);
        NpyFile.Write<double>(Path.Combine(Folder, SessionFiles.SpikeClusters), [0, 2, 1, 1, 0, 2], 6);
        Assert.Contains("Whole numbers", Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Infinite_behaviour_is_refused_by_row_and_column()
    {
        NpyFile.Write<float>(Path.Combine(Folder, SessionFiles.BehaviourValues), [0, 0, 0, float.NegativeInfinity, 0, 0], 3, 2);
        Assert.Contains("Row 1 of 'y'", Refused().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SessionFiles.SpikeTimes)]
    [InlineData(SessionFiles.SpikeClusters)]
    [InlineData(SessionFiles.BehaviourTimes)]
    [InlineData(SessionFiles.BehaviourValues)]
    [InlineData(SessionFiles.Meta)]
    public void A_missing_file_is_named(string name)
    {
        File.Delete(Path.Combine(Folder, name));
        var error = Refused();
        Assert.EndsWith(name, error.File, StringComparison.Ordinal);
        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_named() => Assert.Throws<SessionFormatException>(() => SessionReader.Read(_temp.File("nowhere")));

    [Fact]
    public void What_meta_json_leaves_out_is_taken_as_documented_and_noted()
    {
        Change(meta =>
        {
            foreach (var key in new[] { "splits", "segments", "duration_s", "unit_names", "name", "sample_rate_hz" }) meta.Remove(key);
        });
        var notes = new List<string>();
        var session = SessionReader.Read(Folder, note: notes.Add);
        Assert.Equal(2, notes.Count);
        Assert.Equal("session", session.Name);
        Assert.Equal(30_000, session.SampleRateHz);
        Assert.Equal(UnitTable.Numbered(3).Units, session.Units.Units);
        Assert.Equal(300_000 / 30_000.0, session.DurationSeconds, 1e-3);
        Assert.Equal([new TimeRange(0, session.DurationSeconds)], session.Segments);
        Assert.Equal(session.DurationSeconds * 0.6, session.Train[0].End, 1e-12);
        Assert.Equal(new TimeRange(session.DurationSeconds * 0.8, session.DurationSeconds), session.Test[0]);
    }

    [Fact]
    public void Another_clock_rate_rounds_to_its_nearest_sample()
    {
        var session = SessionReader.Read(Folder, 1000);
        Assert.Equal([0, 0, 0, 1500, 3000, 10000], session.SpikeSamples);
        Assert.Throws<ArgumentOutOfRangeException>(() => SessionReader.Read(Folder, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SessionReader.Read(Folder, double.NaN));
    }

    [Fact]
    public void A_session_without_behaviour_is_read()
    {
        Change(meta => meta.Remove("behaviour_channels"));
        File.Delete(Path.Combine(Folder, SessionFiles.BehaviourTimes));
        File.Delete(Path.Combine(Folder, SessionFiles.BehaviourValues));
        Assert.Empty(SessionReader.Read(Folder).Behaviour);
    }

    private SessionFormatException Refused()
    {
        var error = Assert.Throws<SessionFormatException>(() => SessionReader.Read(Folder));
        Assert.StartsWith(Folder, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(error.Remedy, error.Message, StringComparison.Ordinal);
        return error;
    }

    private void Change(Action<JsonObject> change)
    {
        var path = Path.Combine(Folder, SessionFiles.Meta);
        var meta = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(meta);
        File.WriteAllText(path, meta.ToJsonString());
    }
}
