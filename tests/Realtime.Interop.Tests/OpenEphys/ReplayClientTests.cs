using System.Globalization;
using System.Text.Json;
using Realtime.Acquisition.Recordings;
using Realtime.Acquisition.Replay;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Tests;

namespace Realtime.Interop.Tests.OpenEphys;

/// <summary>The replay server read by a client over libzmq, which checks form and numbering; the content is compared with the session
/// here.</summary>
public class ReplayClientTests
{
    [NeedsPythonFact("zmq", "numpy")]
    public void A_client_of_the_plugin_reads_the_session_back()
    {
        var table = new UnitTable([new UnitId("Sonde ä", "Elektrode \"1\" 🧠", 0), new UnitId("Sonde ä", "E2", 65535),
            new UnitId("Sonde ä", "E2", 3)]);
        ReadBack(Synthetic(table, 6),
            new ReplayOptions { Speed = 20, DataPort = 0, WaitForSubscribers = 1, SettleMs = 500, Channels = 2, HighWaterMark = 1 << 20 });
    }

    [NeedsPythonFact("zmq", "numpy")]
    public void Flat_out_a_slow_client_loses_nothing()
    {
        ReadBack(Synthetic(UnitTable.Numbered(30), 20),
            new ReplayOptions { Speed = 0, DataPort = 0, WaitForSubscribers = 1, SettleMs = 500 });
    }

    [NeedsOpenEphysPeerFact]
    public void A_recorded_session_is_read_back()
    {
        var session = SessionReader.Read(Path.Combine(RepositoryFiles.Shared!, "data", "ca1_linear_track"));
        ReadBack(session, new ReplayOptions
        {
            Speed = 0,
            DataPort = 0,
            WaitForSubscribers = 1,
            SettleMs = 500,
            FromSeconds = 100,
            ToSeconds = 160
        });
    }

    private static void ReadBack(Session session, ReplayOptions options)
    {
        var output = Path.Combine(Path.GetTempPath(), $"replay-{Guid.NewGuid():n}.jsonl");
        try
        {
            using var server = new ReplayServer(session, options);
            using var client = PythonPeer.Start(
                "OpenEphys/replay_client.py", Text(server.DataPort), Text(server.HeartbeatPort), output, "1500");
            var summary = server.Run(CancellationToken.None);
            client.Expect("subscribed");
            client.Expect("heartbeat received");
            client.Expect("message correctly parsed");
            client.Expect("JSON message could not be read");
            client.Expect($"messages {summary.Messages}, runs 1", 120_000);
            Assert.Equal(0, client.WaitForExit());
            Assert.Equal((0, true), (summary.Dropped, summary.Flushed));
            Compare(session, options, [.. File.ReadLines(output).Select(line => JsonDocument.Parse(line).RootElement)]);
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static void Compare(Session session, ReplayOptions options, List<JsonElement> messages)
    {
        long from = session.SampleAt(options.FromSeconds), to = options.ToSeconds is { } end ? session.SampleAt(end) : long.MaxValue;
        var expected = session.SpikeSamples.Zip(session.SpikeUnits).Where(spike => spike.First >= from && spike.First < to)
            .Select(spike => (spike.First, session.Units[spike.Second].ToString()));
        var spikes = messages.Where(message => message.GetProperty("type").GetString() == "spike")
            .Select(message => message.GetProperty("body")).ToList();
        Assert.Equal(expected, spikes.Select(body => (body.GetProperty("sample_num").GetInt64(), Unit(body).ToString())));
        Assert.All(spikes, body => Assert.Equal((1, 40),
            (body.GetProperty("num_channels").GetInt32(), body.GetProperty("num_samples").GetInt32())));

        var behaviour = messages.Where(message => Stream(message) == "behaviour").ToList();
        var rows = Enumerable.Range(0, session.BehaviourSamples.Length).Where(row => session.BehaviourSamples[row] >= from
            && session.BehaviourSamples[row] < to);
        var values = rows.SelectMany(row => session.Behaviour.Select((channel, column) => (
            session.BehaviourSamples[row], channel.Name, Known(session.BehaviourValues[row * session.Behaviour.Count + column]))));
        Assert.Equal(values, behaviour.Select(message => (
            message.GetProperty("body").GetProperty("sample_num").GetInt64(),
            message.GetProperty("body").GetProperty("channel_name").GetString()!,
            message.GetProperty("values")[0].ValueKind == JsonValueKind.Null ? null
                : (float?)message.GetProperty("values")[0].GetDouble())));

        var next = from;
        foreach (var message in messages.Where(message => Stream(message) is not "behaviour"
            && message.GetProperty("type").GetString() == "data"))
        {
            var body = message.GetProperty("body");
            var channel = body.GetProperty("channel_num").GetInt32();
            Assert.Equal((next, session.SampleRateHz),
                (body.GetProperty("sample_num").GetInt64(), body.GetProperty("sample_rate").GetDouble()));
            if (channel == options.Channels - 1) next += body.GetProperty("num_samples").GetInt64();
        }
    }

    private static float? Known(float value) => float.IsNaN(value) ? null : value;

    private static string? Stream(JsonElement message) => message.GetProperty("body").GetProperty("stream").GetString();

    private static UnitId Unit(JsonElement body) =>
        new(body.GetProperty("stream").GetString()!, body.GetProperty("electrode").GetString()!, body.GetProperty("sorted_id").GetInt32());

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static Session Synthetic(UnitTable table, double seconds)
    {
        var random = new Random(9);
        var samples = Enumerable.Range(0,
            (int)(table.Count * seconds * 20)).Select(_ => (long)random.Next((int)(seconds * 30000))).Order().ToArray();
        var rows = Enumerable.Range(0, (int)(seconds * 50)).Select(n => n * 600L).ToArray();
        return new Session
        {
            Name = "synthetic",
            SampleRateHz = 30000,
            Units = table,
            SpikeSamples = samples,
            SpikeUnits = [.. samples.Select(_ => random.Next(table.Count))],
            Behaviour = [new OutputChannel("x", "cm"), new OutputChannel("y", "cm")],
            BehaviourSamples = rows,
            BehaviourValues = [.. Enumerable.Range(0, 2 * rows.Length).Select(n => n % 11 == 3 ? float.NaN : MathF.Sin(n))],
            DurationSeconds = seconds,
            Segments = [new TimeRange(0, seconds)],
            Train = [],
            Valid = [],
            Test = [],
        };
    }
}
