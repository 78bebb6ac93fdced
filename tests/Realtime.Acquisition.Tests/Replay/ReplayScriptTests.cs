using System.Text;
using Realtime.Acquisition.OpenEphys;
using Realtime.Acquisition.Replay;
using Realtime.Engine.Sessions;
using Realtime.Tests;

namespace Realtime.Acquisition.Tests.Replay;

public class ReplayScriptTests
{
    private static readonly Session Session = Sessions.Random(1);

    [Fact]
    public void Every_spike_is_sent_once_with_its_sample_and_unit()
    {
        var sent = new List<(long, string)>();
        Tape.Of(Script()).Read((message, payload) =>
        {
            if (message.Kind != OpenEphysMessageKind.Spike) return;
            sent.Add((message.SampleNumber, Name(message)));
            Assert.Equal(160, payload.Length);
            Assert.Equal(BitConverter.ToSingle(payload, 4 * 8), Enumerable.Range(0, 40).Min(at => BitConverter.ToSingle(payload, 4 * at)));
        });
        Assert.Equal(Session.SpikeSamples.Select((sample, n) => (sample, Session.Units[Session.SpikeUnits[n]].ToString())), sent);
    }

    [Fact]
    public void Behaviour_is_sent_once_per_row_and_channel_on_the_spikes_clock()
    {
        var values = new List<float>();
        var samples = new List<long>();
        Tape.Of(Script()).Read((message, payload) =>
        {
            if (!message.Stream.SequenceEqual("behaviour"u8)) return;
            Assert.Equal((1, values.Count % 2, 30000.0), (message.NumSamples, message.ChannelNumber, message.SampleRateHz));
            Assert.Equal(Session.Behaviour[values.Count % 2].Name, Encoding.UTF8.GetString(message.ChannelName));
            if (message.ChannelNumber == 0) samples.Add(message.SampleNumber);
            values.Add(BitConverter.ToSingle(payload));
        });
        Assert.Equal(Session.BehaviourValues, values);
        Assert.Equal(Session.BehaviourSamples, samples);
    }

    [Fact]
    public void Messages_are_numbered_from_1_without_a_gap()
    {
        long expected = 0;
        Tape.Of(Script()).Read((message, _) => Assert.Equal(++expected, message.MessageNumber));
        Assert.True(expected > 500);
    }

    [Theory]
    [InlineData(10, 300)]
    [InlineData(23.2, 696)]
    public void A_spike_goes_out_with_the_block_in_which_its_snippet_completes(double blockMs, int blockSamples)
    {
        var script = Script(new ReplayOptions { BlockMs = blockMs });
        Assert.Equal(blockSamples, script.BlockSamples);
        var spikes = new List<long>();
        long end = 0;
        Tape.Of(script).Read((message, _) =>
        {
            if (message.Kind == OpenEphysMessageKind.Spike) spikes.Add(message.SampleNumber);
            if (!message.Stream.SequenceEqual("probe"u8) || message.Kind != OpenEphysMessageKind.Data) return;
            Assert.Equal(end, message.SampleNumber);
            end += message.NumSamples;
            Assert.All(spikes, sample => Assert.True(sample + 32 <= end && sample + 32 > end - blockSamples));
            spikes.Clear();
        });
        Assert.Empty(spikes);
        Assert.True(end >= 60000 + 40);
    }

    [Fact]
    public void A_reader_gets_each_spike_before_the_watermark_that_closes_it()
    {
        long watermark = long.MinValue;
        Tape.Of(Script()).Read((message, _) =>
        {
            if (message.Kind == OpenEphysMessageKind.Spike) Assert.True(message.SampleNumber >= watermark);
            else if (message.Stream.SequenceEqual("probe"u8))
                watermark = message.SampleNumber + message.NumSamples - OpenEphysOptions.SnippetSamples;
        });
        Assert.True(watermark >= 60000);
    }

    [Fact]
    public void Two_runs_are_equal_to_the_byte()
    {
        var first = Tape.Of(Script()).Messages;
        var script = Script();
        Tape.Of(script);
        script.Restart();
        var again = Tape.Of(script).Messages;
        Assert.Equal(first.Count, again.Count);
        for (var n = 0; n < first.Count; n++)
        {
            Assert.Equal(first[n].Envelope, again[n].Envelope);
            Assert.Equal(first[n].Header, again[n].Header);
            Assert.Equal(first[n].Payload, again[n].Payload);
        }
    }

    [Fact]
    public void A_part_of_the_session_keeps_its_numbers_or_takes_the_ones_asked_for()
    {
        var options = new ReplayOptions { FromSeconds = 0.5, ToSeconds = 1.25 };
        var expected = Session.SpikeSamples.Where(sample => sample is >= 15000 and < 37500).ToArray();
        Assert.Equal(expected, Spikes(Script(options)));
        var shifted = new ReplayOptions { FromSeconds = 0.5, ToSeconds = 1.25, StartSample = 1_000_000 };
        Assert.Equal(expected.Select(sample => sample - 15000 + 1_000_000), Spikes(Script(shifted)));
    }

    [Fact]
    public void Peaks_alone_have_one_sample()
    {
        Tape.Of(Script(new ReplayOptions { PeaksOnly = true })).Read((message, payload) =>
        {
            if (message.Kind == OpenEphysMessageKind.Spike) Assert.Equal((1, 4), (message.NumSamples, payload.Length));
        });
    }

    [Fact]
    public void Each_stream_of_the_session_has_its_own_time_base()
    {
        var table = new UnitTable([new UnitId("A", "E", 1), new UnitId("B", "E", 1), new UnitId("B", "F", 0)]);
        var session = Sessions.Random(2, 3, 0.5, table);
        var script = new ReplayScript(session, new ReplayOptions { Channels = 3, BehaviourStream = null });
        Assert.Equal(["A", "B"], script.StreamNames);
        var blocks = new Dictionary<string, int>();
        var units = new List<string>();
        Tape.Of(script).Read((message, _) =>
        {
            if (message.Kind == OpenEphysMessageKind.Spike) units.Add(Name(message));
            else Count($"{Encoding.UTF8.GetString(message.Stream)}{message.ChannelNumber}");
        });
        Assert.Equal(["A0", "A1", "A2", "B0", "B1", "B2"], blocks.Keys.Order());
        Assert.All(blocks.Values, count => Assert.Equal(script.Blocks, count));
        Assert.Equal(session.SpikeUnits.Select(row => table[row].ToString()), units);

        void Count(string channel) => blocks[channel] = blocks.GetValueOrDefault(channel) + 1;
    }

    [Theory]
    [InlineData("probe", null, "cannot be both")]
    [InlineData("behaviour", "one", "same names")]
    public void What_could_not_be_told_apart_is_refused(string behaviour, string? stream, string why)
    {
        var table = new UnitTable([new UnitId("probe", "E", 1), new UnitId("B", "E", 1)]);
        var error = Assert.Throws<ArgumentException>(
            () => new ReplayScript(Sessions.Random(2, 2, 0.5, table), new ReplayOptions { BehaviourStream = behaviour, Stream = stream }));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_after_the_end_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Script(new ReplayOptions { FromSeconds = 2 }));
        Assert.Throws<ArgumentException>(() => Script(new ReplayOptions { FromSeconds = 1, ToSeconds = 1 }));
        Assert.Throws<ArgumentException>(() => Script(new ReplayOptions { Speed = -1 }));
        Assert.Throws<ArgumentException>(() => Script(new ReplayOptions { BlockMs = 0 }));
    }

    [Fact]
    public void The_planned_times_follow_the_sample_clock_alone()
    {
        var script = Script();
        Assert.Equal(0.01, script.EndSeconds(0));
        Assert.Equal(1.0, script.EndSeconds(99));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1700000000000L)]
    public void Nothing_is_allocated_per_message(long? clock)
    {
        var script = new ReplayScript(Session, new ReplayOptions { HeaderClockStartMs = clock });
        var sink = new Counter();
        for (var warm = 0; warm < 20; warm++) Round();
        Assert.Equal(0, AllocationGate.LeastBytes(() =>
        {
            for (var round = 0; round < 10; round++) Round();
        }));
        Assert.Equal(script.Messages, sink.Messages);

        void Round()
        {
            script.Restart();
            while (script.TrySendBlock(sink))
            {
            }
        }
    }

    private static ReplayScript Script(ReplayOptions? options = null)
    {
        options ??= new ReplayOptions();
        return new ReplayScript(Session, new ReplayOptions
        {
            Speed = options.Speed,
            FromSeconds = options.FromSeconds,
            ToSeconds = options.ToSeconds,
            BlockMs = options.BlockMs,
            PeaksOnly = options.PeaksOnly,
            StartSample = options.StartSample,
            HeaderClockStartMs = 1700000000000,
        });
    }

    private static List<long> Spikes(ReplayScript script)
    {
        var spikes = new List<long>();
        Tape.Of(script).Read((message, _) =>
        {
            if (message.Kind == OpenEphysMessageKind.Spike) spikes.Add(message.SampleNumber);
        });
        return spikes;
    }

    private static string Name(OpenEphysMessage message) =>
        new UnitId(Encoding.UTF8.GetString(message.Stream), Encoding.UTF8.GetString(message.Electrode), message.SortedId).ToString();

    private sealed class Counter : IReplaySink
    {
        public long Messages { get; private set; }

        public void Send(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) => Messages++;
    }
}
