using Realtime.Acquisition.MessagePack;

namespace Realtime.Acquisition.Tests.MessagePack;

public class MsgPackHostileInputTests
{
    private const int Mutations = 1_000_000;

    private static readonly MsgPackLimits Limits = new() { MaxDepth = 6 };

    [Fact]
    public void Every_truncated_prefix_is_refused()
    {
        var message = MsgPackSamples.EveryForm();
        Assert.True(Skips(message, out _, out _));
        for (var length = 0; length < message.Length; length++)
        {
            var prefix = message.AsSpan(0, length);
            Assert.False(Skips(prefix, out var error, out var offset), $"a prefix of {length} bytes was taken for a message");
            Assert.Equal(MsgPackError.EndOfData, error);
            Assert.InRange(offset, 0, length);
            Assert.False(Walks(prefix, out _, out error, out _));
            Assert.Equal(MsgPackError.EndOfData, error);
        }
    }

    [Fact]
    public void A_million_mutated_messages_cause_no_exception_and_no_read_outside_the_message()
    {
        var seed = FuzzSeed.Value;
        var random = new Random(seed);
        var original = MsgPackSamples.EveryForm();
        const int margin = 32;
        var arena = new byte[original.Length + 2 * margin];
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < Mutations; i++)
        {
            var length = random.Next(8) == 0 ? random.Next(original.Length + 1) : original.Length;
            original.CopyTo(arena, margin);
            var message = arena.AsSpan(margin, length);
            for (var changes = random.Next(1, 6); changes > 0 && length > 0; changes--) Mutate(message, random);
            try
            {
                // What lies around the message must make no difference: it is filled with two contrary patterns.
                Surround(arena, margin, length, 0x00);
                var skipped = Skips(message, out var error, out var offset);
                var walked = Walks(message, out var sum, out var walkError, out var walkOffset);
                Surround(arena, margin, length, 0xFF);
                var walkedAgain = Walks(message, out var again, out var errorAgain, out var offsetAgain);
                Assert.Equal((walked, walkError, walkOffset), (walkedAgain, errorAgain, offsetAgain));
                Assert.Equal(sum, again);

                // Two ways through the same bytes agree on whether they are a message, and on what is wrong and where.
                Assert.Equal(skipped, walked);
                if (error is not MsgPackError.TooDeep) Assert.Equal((error, offset), (walkError, walkOffset));
                Assert.InRange(offset, 0, length);
                if (skipped) accepted++;
                else refused++;
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed} ({FuzzSeed.Variable}), mutation {i}, message {Convert.ToHexString(message)}: {failure}");
            }
        }

        // Both ways out were tried in earnest.
        Assert.True(accepted > Mutations / 100 && refused > Mutations / 100, $"seed {seed}: {accepted} accepted, {refused} refused");
    }

    private static void Mutate(Span<byte> message, Random random)
    {
        var at = random.Next(message.Length);
        switch (random.Next(4))
        {
            case 0: message[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: message[at] = (byte)random.Next(256); break;
            case 2: message[at] = (byte)random.Next(0xC0, 0xE0); break;
            default: message.Slice(at, Math.Min(random.Next(1, 9), message.Length - at)).Fill((byte)random.Next(256)); break;
        }
    }

    private static void Surround(Span<byte> arena, int start, int length, byte pattern)
    {
        arena[..start].Fill(pattern);
        arena[(start + length)..].Fill(pattern);
    }

    private static bool Skips(ReadOnlySpan<byte> message, out MsgPackError error, out int offset)
    {
        var reader = new MsgPackReader(message, Limits);
        var whole = reader.TrySkip() && reader.TryReadEnd();
        (error, offset) = (reader.Error, reader.ErrorOffset);
        return whole;
    }

    private static bool Walks(ReadOnlySpan<byte> message, out ulong sum, out MsgPackError error, out int offset)
    {
        var reader = new MsgPackReader(message, Limits);
        sum = 0;
        var whole = MsgPackWalk.TryRead(ref reader, Limits.MaxDepth, ref sum) && reader.TryReadEnd();
        (error, offset) = (reader.Error, reader.ErrorOffset);
        return whole;
    }
}
