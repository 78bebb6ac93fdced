using System.Text.Json;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Tests;

namespace Realtime.Models.Tests;

/// <summary>Reads a reference recording into a session, times rounded to samples at 30 kHz.</summary>
internal static class NpySession
{
    private const double SampleRateHz = 30000;

    public static Session Read(string name)
    {
        var folder = Path.Combine(RepositoryFiles.Shared!, "data", name);
        using var meta = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "meta.json")));
        var root = meta.RootElement;
        return new Session
        {
            Name = name,
            SampleRateHz = SampleRateHz,
            Units = UnitTable.Numbered(root.GetProperty("n_units").GetInt32()),
            SpikeSamples = Samples(folder, "spikes.times.npy"),
            SpikeUnits = Array.ConvertAll(NpyArray.Read(Path.Combine(folder, "spikes.clusters.npy")).Values, value => (int)value),
            Behaviour = root.GetProperty("behaviour_channels").EnumerateArray()
                .Select(channel => new OutputChannel(channel.GetProperty("name").GetString()!, channel.GetProperty("unit")
                    .GetString()!)).ToArray(),
            BehaviourSamples = Samples(folder, "behaviour.times.npy"),
            BehaviourValues = Array.ConvertAll(NpyArray.Read(Path.Combine(folder, "behaviour.values.npy")).Values, value => (float)value),
            DurationSeconds = root.GetProperty("duration_s").GetDouble(),
            Segments = root.TryGetProperty("segments", out var segments) ? Ranges(segments) : Trials(folder),
            Train = Ranges(root.GetProperty("splits").GetProperty("train")),
            Valid = Ranges(root.GetProperty("splits").GetProperty("valid")),
            Test = Ranges(root.GetProperty("splits").GetProperty("test")),
        };
    }

    private static TimeRange[] Trials(string folder) =>
        NpyArray.Read(Path.Combine(folder, "trials.intervals.npy")).Values.Chunk(2).Select(pair => new TimeRange(pair[0], pair[1])).ToArray();

    private static long[] Samples(string folder, string file) =>
        Array.ConvertAll(NpyArray.Read(Path.Combine(folder, file)).Values, seconds => (long)Math.Round(seconds * SampleRateHz));

    private static TimeRange[] Ranges(JsonElement list) =>
        list.EnumerateArray().Select(range => new TimeRange(range[0].GetDouble(), range[1].GetDouble())).ToArray();
}
