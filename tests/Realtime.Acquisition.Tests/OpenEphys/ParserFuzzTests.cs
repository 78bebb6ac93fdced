using Realtime.Acquisition.OpenEphys;

namespace Realtime.Acquisition.Tests.OpenEphys;

/// <summary>Whatever a peer sends, the parser answers with a named problem and never throws. Failures print the seed's case.</summary>
public class ParserFuzzTests
{
    private const int Cases = 120_000;

    private static readonly byte[][] Tokens =
    [
        .. ("{|}|[|]|:|,|\"|\\u|\\ud800|null|true|1e999|-|0x|9223372036854775808"
            + "|\"type\"|\"spike\"|\"content\"|\"sample_num\"|\0|\u00ff|//|NaN")
            .Split('|').Select(System.Text.Encoding.Latin1.GetBytes),
    ];

    private readonly OpenEphysMessage _message = new();

    [Fact]
    public void Every_truncation_of_every_frame_has_a_named_outcome()
    {
        foreach (var frames in new[] { Frames.CapturedData, Frames.CapturedTtl, Frames.CapturedSpike })
        {
            for (var cut = 0; cut < frames.Envelope.Length; cut++)
                Try(frames with { Envelope = frames.Envelope[..cut] }, $"envelope cut to {cut}");
            for (var cut = 0; cut < frames.Header.Length; cut++)
            {
                var problem = Try(frames with { Header = frames.Header[..cut] }, $"header cut to {cut}");
                Assert.Equal(ParseProblem.HeaderNotJson, problem);
            }

            for (var cut = 0; cut < frames.Payload.Length; cut++)
                Assert.NotEqual(ParseProblem.None, Try(frames with { Payload = frames.Payload[..cut] }, $"payload cut to {cut}"));
            for (var count = 0; count < 5; count++) OpenEphysParser.Parse(count, frames.Envelope, frames.Header, frames.Payload, _message);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20260)]
    public void Mutated_messages_never_throw(int seed)
    {
        var random = new Random(seed);
        Frames[] whole = [Frames.CapturedData, Frames.CapturedTtl, Frames.CapturedSpike];
        var accepted = 0;
        for (var n = 0; n < Cases / 2; n++)
        {
            var frames = whole[random.Next(whole.Length)];
            var where = random.Next(10);
            if (where < 8) frames = frames with { Header = Mutate(frames.Header, random) };
            else if (where == 8) frames = frames with { Envelope = Mutate(frames.Envelope, random) };
            else frames = frames with { Payload = Mutate(frames.Payload, random) };
            if (Try(frames, $"seed {seed}, case {n}") == ParseProblem.None) accepted++;
        }

        // Some mutations hit values only, or white space: the test must have met both outcomes.
        Assert.InRange(accepted, 100, Cases / 2 - 100);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(7);
        var bytes = new byte[300];
        for (var n = 0; n < 20_000; n++)
        {
            random.NextBytes(bytes);
            int a = random.Next(20), b = random.Next(200), frames = random.Next(4);
            Try(new Frames(bytes[..a], bytes[a..(a + b)], bytes[(a + b)..]), $"case {n}");
            OpenEphysParser.Parse(frames, bytes.AsSpan(0, a + b), default, default, _message);
        }
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        var bytes = new List<byte>(whole);
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
                case 1 when at < bytes.Count: bytes.RemoveRange(at, random.Next(1, Math.Min(20, bytes.Count - at) + 1)); break;
                case 2: bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]); break;
                case 3 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(40), bytes.Count - at))); break;
            }
        }

        return bytes.ToArray();
    }

    private ParseProblem Try(Frames frames, string what)
    {
        try
        {
            var problem = frames.Parse(_message);
            Assert.True(Enum.IsDefined(problem) && ParseProblemText.Of(problem) != "unknown problem", what);
            return problem;
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{what}: header {Convert.ToHexString(frames.Header)}", error);
        }
    }
}
