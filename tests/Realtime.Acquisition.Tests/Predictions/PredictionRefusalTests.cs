using Realtime.Acquisition.MessagePack;
using Realtime.Acquisition.Predictions;
using Realtime.Acquisition.Tests.MessagePack;
using Realtime.Engine.Answers;

namespace Realtime.Acquisition.Tests.Predictions;

public class PredictionRefusalTests
{
    private const int Mutations = 200_000;

    private readonly PredictionMessage _message = new();

    [Fact]
    public void Keys_of_a_later_version_are_skipped_wherever_they_stand()
    {
        var entries = Entries();
        for (var at = 1; at <= entries.Count; at++)
        {
            List<byte[]> longer = [.. entries[..at], Entry("A3" + "6E6577" + "82A161930102C0A162C4020102"), .. entries[at..]];
            Assert.True(PredictionMessageReader.TryRead(Map(longer), _message, out var error), error.ToString());
            Assert.Equal(PredictionExample.Answer().Tick, _message.Answer.Tick);
            Assert.Equal(PredictionExample.Values, _message.Values);
        }
    }

    [Fact]
    public void Keys_may_come_in_any_order_after_the_version()
    {
        var entries = Entries();
        entries.Reverse(1, entries.Count - 1);
        Assert.True(PredictionMessageReader.TryRead(Map(entries), _message, out var error), error.ToString());
        Assert.Equal(PredictionExample.Answer().AgeNs, _message.Answer.AgeNs);
        entries.Reverse();
        Refuses(Map(entries), PredictionReadProblem.NoVersion, PredictionKey.Version);
    }

    [Theory]
    [InlineData("02", 2)]
    [InlineData("CD0100", 256)]
    [InlineData("00", 0)]
    [InlineData("FF", -1)]
    public void Another_schema_version_is_refused_by_number_whatever_else_the_message_holds(string version, long number)
    {
        var message = Convert.FromHexString("82" + "A176" + version + "C1");
        var error = Refuses(message, PredictionReadProblem.UnknownVersion, PredictionKey.Version);
        Assert.Equal(number, error.Version);
        Assert.Contains($"schema version {number}", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("update the program", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_key_is_needed_once()
    {
        var entries = Entries();
        for (var key = 1; key < entries.Count; key++)
        {
            List<byte[]> missing = [.. entries[..key], .. entries[(key + 1)..]];
            Refuses(Map(missing), PredictionReadProblem.MissingKey, (PredictionKey)key);
            List<byte[]> twice = [.. entries, entries[key]];
            Refuses(Map(twice), PredictionReadProblem.DuplicateKey, (PredictionKey)key);
        }
    }

    [Fact]
    public void A_value_of_the_wrong_type_is_refused_by_key_for_each_key()
    {
        var entries = Entries();
        for (var key = 0; key < entries.Count; key++)
        {
            var name = entries[key][..(1 + (entries[key][0] & 31))];
            List<byte[]> wrong = [.. entries[..key], [.. name, 0xC0], .. entries[(key + 1)..]];
            var error = Refuses(Map(wrong), PredictionReadProblem.Malformed, (PredictionKey)key);
            Assert.Equal(MsgPackError.UnexpectedType, error.Cause);
        }
    }

    [Theory]
    [InlineData(PredictionKey.Status, "A6" + "737461747573" + "A4" + "676F6F64", PredictionReadProblem.UnknownStatus)]
    [InlineData(PredictionKey.Flags, "A5" + "666C616773" + "CE00010000", PredictionReadProblem.Malformed)]
    [InlineData(PredictionKey.Flags, "A5" + "666C616773" + "FF", PredictionReadProblem.Malformed)]
    [InlineData(PredictionKey.Values, "A6" + "76616C756573" + "90", PredictionReadProblem.WrongCount)]
    [InlineData(PredictionKey.Names, "A5" + "6E616D6573" + "91A161", PredictionReadProblem.WrongCount)]
    [InlineData(PredictionKey.Units, "A5" + "756E697473" + "93A161A162A163", PredictionReadProblem.WrongCount)]
    public void A_value_that_makes_no_sense_is_refused_by_key(PredictionKey key, string entry, PredictionReadProblem problem)
    {
        var entries = Entries();
        entries[(int)key] = Entry(entry);
        Refuses(Map(entries), problem, key);
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused()
    {
        var entries = Entries();
        entries[(int)PredictionKey.Run] = [.. Entry("A3" + "72756E" + "DA0100"), .. new byte[256]];
        Refuses(Map(entries), PredictionReadProblem.TextTooLong, PredictionKey.Run);
    }

    [Fact]
    public void Every_truncated_prefix_and_a_byte_too_many_are_refused()
    {
        var whole = PredictionExample.Bytes();
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.False(PredictionMessageReader.TryRead(whole.AsSpan(0, length), _message, out var error));
            Assert.Equal((PredictionReadProblem.Malformed, MsgPackError.EndOfData), (error.Problem, error.Cause));
        }

        Assert.Equal(MsgPackError.TrailingBytes, Refuses([.. whole, 0xC0], PredictionReadProblem.Malformed, PredictionKey.Values).Cause);
    }

    [Fact]
    public void Mutated_messages_never_throw_and_a_refused_one_leaves_nothing_to_act_on()
    {
        var random = new Random(FuzzSeed.Value);
        var whole = PredictionExample.Bytes();
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < Mutations; i++)
        {
            var mutated = whole.AsSpan(0, random.Next(4) == 0 ? random.Next(whole.Length + 1) : whole.Length).ToArray();
            for (var changes = random.Next(1, 4); changes > 0 && mutated.Length > 0; changes--)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            try
            {
                var read = PredictionMessageReader.TryRead(mutated, _message, out var error);
                Assert.Equal(read, error.Problem == PredictionReadProblem.None);
                Assert.True(read || (_message.Answer.Status == AnswerStatus.NoData && _message.Values.IsEmpty));
                Assert.NotEmpty(error.ToString());
                if (read) accepted++;
                else refused++;
            }
            catch (Exception failure)
            {
                var where = $"seed {FuzzSeed.Value} ({FuzzSeed.Variable}), mutation {i}, message {Convert.ToHexString(mutated)}";
                Assert.Fail($"{where}: {failure}");
            }
        }

        Assert.True(accepted > Mutations / 100 && refused > Mutations / 100, $"{accepted} accepted, {refused} refused");
    }

    private PredictionReadError Refuses(byte[] payload, PredictionReadProblem problem, PredictionKey key)
    {
        Assert.True(PredictionMessageReader.TryRead(PredictionExample.Bytes(), _message, out _));
        Assert.False(PredictionMessageReader.TryRead(payload, _message, out var error));
        Assert.Equal((problem, key), (error.Problem, error.Key));
        Assert.Equal(AnswerStatus.NoData, _message.Answer.Status);
        Assert.True(_message.Values.IsEmpty);
        return error;
    }

    /// <summary>The example's entries, key and value each, cut out with the skipping reader.</summary>
    private static List<byte[]> Entries()
    {
        var bytes = PredictionExample.Bytes();
        var reader = new MsgPackReader(bytes);
        var entries = new List<byte[]>();
        Assert.True(reader.TryReadMapHeader(out var count));
        for (var i = 0; i < count; i++)
        {
            var start = reader.Position;
            Assert.True(reader.TrySkip() && reader.TrySkip());
            entries.Add(bytes[start..reader.Position]);
        }

        return entries;
    }

    private static byte[] Entry(string hex) => Convert.FromHexString(hex);

    private static byte[] Map(List<byte[]> entries) => [0xDE, 0, (byte)entries.Count, .. entries.SelectMany(entry => entry)];
}
