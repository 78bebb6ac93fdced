using Realtime.Models.Checkpoints;
using Realtime.Tests;

namespace Realtime.Models.Tests.Checkpoints;

/// <summary>Damaged files are refused as such, or read: nothing else may come of them.</summary>
public sealed class CheckpointFuzzTests
{
    private static readonly ImportOptions Options = new() { VisibleTokens = 0 };

    [Fact]
    public void A_file_cut_short_at_any_byte_is_refused()
    {
        var whole = Small();
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Assert.True(Outcome(cut) == Refusal, $"cut to {length} bytes");
        }

        Assert.NotEqual(Refusal, Outcome(whole));
    }

    [Fact]
    public void A_pickle_cut_short_at_any_byte_is_refused()
    {
        var pickle = SmallPickle();
        for (var length = 0; length < pickle.Length; length++)
            TestCheckpoint.RefusedPickle(pickle[..length], ("0", new byte[24]), ("1", new byte[16]));
    }

    [Fact]
    public void Random_damage_to_a_file_or_its_pickle_does_nothing_else_than_a_refusal()
    {
        var (refused, read) = (0, 0);
        var (file, pickle) = (Small(), SmallPickle());
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var damaged = (byte[])(seed % 2 == 0 ? file : pickle).Clone();
            for (var hits = random.Next(1, 5); hits > 0; hits--) damaged[random.Next(damaged.Length)] = Interesting(random);
            var outcome = Guarded(seed, () => Outcome(seed % 2 == 0 ? damaged : TestCheckpoint.Zip(damaged, ("0", new byte[24]), ("1", new byte[16]))));
            if (outcome == Refusal) refused++;
            else read++;
        }

        Assert.True(refused > 500 && read > 50, $"{refused} refused, {read} read: the damage is not of the right size to test anything");
    }

    [Fact]
    public void Random_damage_to_a_genuine_file_does_nothing_else_than_a_refusal()
    {
        var whole = TestStateDict.PoyoTiny().Lightning();
        var pickle = whole.AsSpan().IndexOf("archive/data/0"u8);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var damaged = (byte[])whole.Clone();

            // The pickle stands first and the directory last; the numbers between them are of no interest here.
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                damaged[random.Next(2) == 0 ? random.Next(pickle) : damaged.Length - 1 - random.Next(5000)] = Interesting(random);
            Guarded(seed, () =>
            {
                try
                {
                    using var checkpoint = TestCheckpoint.Parse(damaged);
                    CheckpointImporter.Import(checkpoint, Options);
                }
                catch (ModelFormatException)
                {
                }

                return "";
            });
        }
    }

    [Fact]
    public void Random_opcodes_do_nothing_else_than_a_refusal()
    {
        const string opcodes = "(.GJKMNQRXabcehjqrstu)]}\u0080\u0085\u0086\u0087\u0088\u0089\u008A\u008C\u0093\u0094\u0095";
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var pickle = new TestPickle();
            for (var i = random.Next(1, 60); i > 0; i--)
            {
                if (random.Next(4) != 0) pickle.Ops(opcodes[random.Next(opcodes.Length)].ToString());
                else if (random.Next(2) == 0) pickle.Ordered();
                else pickle.Raw((byte)random.Next(4));
            }

            Guarded(seed, () => Outcome(TestCheckpoint.Zip(pickle.Stop(), ("0", new byte[16]))));
        }
    }

    private const string Refusal = "refused";

    /// <summary>What comes of a file when it is read whole; other exceptions go up.</summary>
    private static string Outcome(byte[] bytes)
    {
        try
        {
            using var checkpoint = TestCheckpoint.Parse(bytes);
            if (checkpoint.Root is not PickleDictionary root) return $"{checkpoint.Root}";
            foreach (var entry in root.Entries)
            {
                if (entry.Value is CheckpointTensor tensor) checkpoint.Bytes(tensor, "t");
            }

            return "a dictionary";
        }
        catch (ModelFormatException)
        {
            return Refusal;
        }
    }

    private static string Guarded(int seed, Func<string> run)
    {
        try
        {
            var outcome = "";
            var bytes = AllocationGate.LeastBytes(() => outcome = run(), attempts: 1);
            Assert.True(bytes < 64_000_000, $"seed {seed}: {bytes} bytes were allocated");
            return outcome;
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"seed {seed}", error);
        }
    }

    private static byte Interesting(Random random) => random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)random.Next(256) };

    private static byte[] SmallPickle() => new TestPickle().Ordered().Ops("(").Text("a").Tensor("FloatStorage", "0", 6, 1, [2, 2], [2, 1]).Text("b").Tensor("LongStorage", "1", 2, 0, [2], [1])
        .Text("vocab").Ordered().Ops("(").Text("NA").Int(0).Text("u").Int(1).Ops("uu}").Text("_metadata").Ordered().Ops("sb").Stop();

    private static byte[] Small() => TestCheckpoint.Zip(SmallPickle(), ("0", new byte[24]), ("1", new byte[16]));
}
