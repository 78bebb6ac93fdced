using Realtime.Models.Checkpoints;
using Realtime.Tests;

namespace Realtime.Models.Tests.Checkpoints;

/// <summary>Pickles made to harm: all end in a clear refusal or a value, none runs anything, none asks for much memory.</summary>
public sealed class HostilePickleTests
{
    [Theory]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("os", "system")]
    [InlineData("numpy.core.multiarray", "scalar")]
    [InlineData("torch", "FloatStorage.__class__")]
    [InlineData("torch._utils", "_rebuild_tensor")]
    [InlineData("torch", "ComplexFloatStorage")]
    [InlineData("collections", "OrderedDict.fromkeys")]
    [InlineData("omegaconf.dictconfig", "DictConfig")]
    [InlineData("torch._utils._rebuild_tensor_v2", "")]
    [InlineData("", "collections.OrderedDict")]
    public void A_name_that_is_not_known_is_refused_by_name_wherever_it_stands(string module, string name)
    {
        TestPickle[] pickles =
        [
            new TestPickle().Global(module, name).Text("echo harm").Ops("\u0085R"),
            new TestPickle().Ops("}").Text("state_dict").Ordered().Ops("s").Text("callbacks").Ops("](").Global(module, name).Ops("es"),
            new TestPickle(4).ShortText(module).ShortText(name).Ops("\u0093"),
            new TestPickle(4).ShortText(name).Ops("\u0094").ShortText(module).Ops("\u0094h\u0001h\u0000\u0093"),
        ];
        foreach (var pickle in pickles)
        {
            var error = TestCheckpoint.RefusedPickle(pickle.Stop());
            Assert.Contains($"'{module}.{name}'", error.Message, StringComparison.Ordinal);
            Assert.Contains("torch.save(", error.Next, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_name_from_the_file_cannot_fill_the_screen_or_steer_it()
    {
        var error = TestCheckpoint.RefusedPickle(new TestPickle(4).ShortText("a\u001b[2J").Text(new string('x', 100_000)).Ops("\u0093").Stop());
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.InRange(error.Message.Length, 100, 2000);
    }

    [Theory]
    [InlineData("\u0081", "NEWOBJ")]
    [InlineData("\u0092", "NEWOBJ_EX")]
    [InlineData("o", "OBJ")]
    [InlineData("iposix\nsystem\n", "INST")]
    [InlineData("\u0082\u0001", "EXT1")]
    [InlineData("P1\n", "PERSID")]
    [InlineData("\u0097", "NEXT_BUFFER")]
    [InlineData("\u0096", "BYTEARRAY8")]
    [InlineData("I01\n", "INT")]
    [InlineData("\u00FF", "0xFF")]
    public void Other_opcodes_are_refused_by_name(string opcodes, string name) =>
        Assert.Contains(name, TestCheckpoint.RefusedPickle(new TestPickle().Ops("(").Ops(opcodes).Stop()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(255)]
    public void Other_protocols_are_refused(byte protocol) =>
        Assert.Contains($"protocol {protocol}", TestCheckpoint.RefusedPickle(new TestPickle(protocol).Ops("N").Stop()).Message, StringComparison.Ordinal);

    [Fact]
    public void Calls_of_known_names_with_other_arguments_are_refused()
    {
        Refused(new TestPickle().Global("collections", "OrderedDict").Ops("K\u0001\u0085R"), "collections.OrderedDict");
        Refused(new TestPickle().Global("torch", "FloatStorage").Ops(")R"), "torch.FloatStorage");
        Refused(new TestPickle().Global("torch._utils", "_rebuild_tensor_v2").Ops(")R"), "_rebuild_tensor_v2");
        Refused(new TestPickle().Ops("N)R"), "calls");
        Refused(new TestPickle().Ordered().Ops(")R"), "calls");
        Refused(new TestPickle().Ops("}}b"), "attributes");
        Refused(new TestPickle().Ops("]}b"), "attributes");
        Refused(new TestPickle().Ops("NQ"), "outside the pickle");
        Refused(new TestPickle().Ops("(").Text("module").Global("torch", "FloatStorage").Text("0").Text("cpu").Int(1).Ops("tQ"), "outside the pickle");
    }

    [Theory]
    [InlineData(".", "0 values")]
    [InlineData("NN.", "2 values")]
    [InlineData("(N.", "2 values")]
    [InlineData("\u0085.", "stack")]
    [InlineData("t.", "stack")]
    [InlineData("(\u0085.", "stack")]
    [InlineData("e.", "stack")]
    [InlineData("(Ne.", "stack")]
    [InlineData("N(Ne.", "no list")]
    [InlineData("NNNs.", "no dictionary")]
    [InlineData("}(Nu.", "without a value")]
    [InlineData("}]Ns.", "neither text nor a number")]
    [InlineData("})Ns.", "neither text nor a number")]
    [InlineData("q\u0000.", "stack")]
    [InlineData("\u0094.", "stack")]
    [InlineData("h\u0000.", "memo 0")]
    [InlineData("j\u00FF\u00FF\u00FF\u00FF.", "memo 4294967295")]
    [InlineData("X\u00FF\u00FF\u00FF\u00FFa.", "more bytes")]
    [InlineData("X\u0001\u0000\u0000\u0000\u00FF.", "UTF-8")]
    [InlineData("\u008A\u00FF.", "255 bytes")]
    [InlineData("\u0095\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FFN.", "more bytes")]
    [InlineData("\u0093.", "stack")]
    [InlineData("NN\u0093.", "no text")]
    [InlineData("cposix", "more bytes")]
    public void Damage_is_told(string opcodes, string expected) =>
        Assert.Contains(expected, TestCheckpoint.RefusedPickle(new TestPickle().Ops(opcodes).Bytes).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("-1 element", -1, 0, new long[] { 1 }, new long[] { 1 }, "holds -1 elements")]
    [InlineData("more than there is", 5, 0, new long[] { 1 }, new long[] { 1 }, "holds 5 elements")]
    [InlineData("overflowing count", long.MaxValue, 0, new long[] { 1 }, new long[] { 1 }, "elements")]
    [InlineData("negative offset", 4, -1, new long[] { 1 }, new long[] { 1 }, "leaves its storage")]
    [InlineData("offset behind the end", 4, 4, new long[] { 1 }, new long[] { 1 }, "leaves its storage")]
    [InlineData("offset and length", 4, 2, new long[] { 3 }, new long[] { 1 }, "leaves its storage")]
    [InlineData("stride", 4, 0, new long[] { 2 }, new long[] { 4 }, "leaves its storage")]
    [InlineData("huge stride", 4, 0, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, "leaves its storage")]
    [InlineData("negative size", 4, 0, new long[] { -1 }, new long[] { 1 }, "size")]
    [InlineData("negative stride", 4, 3, new long[] { 2 }, new long[] { -1 }, "stride")]
    [InlineData("overflowing shape", 4, 0, new long[] { 1L << 32, 1L << 32 }, new long[] { 0, 0 }, "too large")]
    [InlineData("overflowing shape with a zero", 4, 0, new long[] { 1L << 32, 1L << 32, 0 }, new long[] { 0, 0, 0 }, "too large")]
    [InlineData("repeated", 4, 0, new long[] { 1L << 40 }, new long[] { 0 }, "repeating")]
    [InlineData("axes and strides", 4, 0, new long[] { 1, 1 }, new long[] { 1 }, "2 axes with 1 strides")]
    public void A_tensor_outside_its_storage_is_refused(string what, long count, long offset, long[] shape, long[] strides, string expected)
    {
        var error = TestCheckpoint.RefusedPickle(new TestPickle().Tensor("FloatStorage", "0", count, offset, shape, strides).Stop(), ("0", new byte[16]));
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Fact]
    public void A_tensor_of_too_many_axes_and_a_missing_storage_are_refused()
    {
        var ones = Enumerable.Repeat(1L, 65).ToArray();
        Assert.Contains("65 axes", TestCheckpoint.RefusedPickle(new TestPickle().Tensor("FloatStorage", "0", 4, 0, ones, ones).Stop(), ("0", new byte[16])).Message, StringComparison.Ordinal);
        foreach (var key in new[] { "1", "", "../data.pkl", "0/", "../../etc/passwd" })
        {
            Assert.Contains("does not hold",
                TestCheckpoint.RefusedPickle(new TestPickle().Tensor("FloatStorage", key, 1, 0, [1], [1]).Stop(), ("0", new byte[16])).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Deep_nesting_costs_no_stack()
    {
        var tuples = new TestPickle().Ops(")" + new string('\u0085', 1_000_000)).Stop();
        Assert.IsType<PickleTuple>(TestCheckpoint.Value(tuples));
        var lists = new TestPickle().Ops(new string(']', 200_000) + new string('a', 199_999)).Stop();
        Assert.IsType<PickleList>(TestCheckpoint.Value(lists));
        Assert.Contains("1000001 values", TestCheckpoint.RefusedPickle(new TestPickle().Ops(new string('(', 1_000_001)).Stop()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_memo_bomb_costs_what_it_weighs()
    {
        // Each tuple holds the one before twice: unfolded it would have 2^100000 members.
        var pickle = new TestPickle().Ops(")q\u0000");
        for (var i = 0; i < 100_000; i++) pickle.Ops("h\u0000\u0086q\u0000");
        var bytes = AllocationGate.LeastBytes(() => Assert.IsType<PickleTuple>(TestCheckpoint.Value(pickle.Stop())), attempts: 1);
        Assert.InRange(bytes, 0, 100_000_000);
    }

    [Theory]
    [InlineData('}')]
    [InlineData(']')]
    [InlineData('(')]
    [InlineData('N')]
    public void A_flood_of_values_is_stopped(char opcode)
    {
        var pickle = new TestPickle().Ops(new string(opcode, 5_000_000)).Stop();
        var bytes = AllocationGate.LeastBytes(() => Assert.Contains("4000000 opcodes", TestCheckpoint.RefusedPickle(pickle).Message, StringComparison.Ordinal), attempts: 1);
        Assert.InRange(bytes, 0, 500_000_000);
    }

    [Fact]
    public void Too_many_tensors_are_refused()
    {
        // One tensor's arguments, memoised, rebuilt over and over.
        var pickle = new TestPickle().Global("torch._utils", "_rebuild_tensor_v2").Ops("q\u0000(").Storage("FloatStorage", "0", 1).Int(0).Lengths().Lengths().Bool(false).Ordered().Ops("tq\u0001R");
        for (var i = 0; i < 100_001; i++) pickle.Ops("h\u0000h\u0001R");
        Assert.Contains("100000 tensors", TestCheckpoint.RefusedPickle(pickle.Stop(), ("0", new byte[4])).Message, StringComparison.Ordinal);
    }

    private static void Refused(TestPickle pickle, string expected) =>
        Assert.Contains(expected, TestCheckpoint.RefusedPickle(pickle.Stop()).Message, StringComparison.Ordinal);
}
