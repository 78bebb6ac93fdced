using System.Numerics;
using System.Runtime.InteropServices;
using Realtime.Models.Checkpoints;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Checkpoints;

/// <summary>What sound pickles stand for.</summary>
public sealed class PickleValueTests
{
    [Fact]
    public void Plain_values_are_read()
    {
        var pickle = new TestPickle().Ops("](N").Bool(true).Bool(false).Ops("K").Raw(200).Ops("M").Raw(0x10, 0x27).Ops("J").Raw(0xFE, 0xFF, 0xFF, 0xFF)
            .Int(long.MinValue).Raw(0x8A, 9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0).Raw(0x8A, 0).Float(-0.5).Text("größer").Ops("})e");
        var list = Assert.IsType<PickleList>(TestCheckpoint.Value(pickle.Stop()));
        Assert.Equal([null, true, false, 200L, 10_000L, -2L, long.MinValue, new BigInteger(ulong.MaxValue), 0L, -0.5, "größer"], list.Items.Take(11));
        Assert.Equal(0, Assert.IsType<PickleDictionary>(list.Items[11]).Count);
        Assert.Empty(Assert.IsType<PickleTuple>(list.Items[12]).Items);
    }

    [Fact]
    public void Tuples_lists_and_dictionaries_nest()
    {
        var pickle = new TestPickle().Ops("}").Text("a").Ops("K\u0001\u0085s").Text("b").Ops("K\u0001K\u0002\u0086s").Text("c").Ops("NNN\u0087s(").Text("d").Ops("]Na").Int(5).Ops("Nu");
        var dictionary = Assert.IsType<PickleDictionary>(TestCheckpoint.Value(pickle.Stop()));
        Assert.Equal(["a", "b", "c", "d"], dictionary.Names);
        Assert.Equal(5, dictionary.Count);
        Assert.Equal([1, 2, 3], new[] { "a", "b", "c" }.Select(name => dictionary.TryGet(name, out var tuple) ? ((PickleTuple)tuple!).Items.Count : 0));
    }

    [Fact]
    public void The_last_of_equal_keys_counts_and_keeps_its_place()
    {
        var dictionary = Assert.IsType<PickleDictionary>(TestCheckpoint.Value(new TestPickle().Ops("}(").Text("x").Int(1).Text("y").Int(2).Text("x").Int(3).Ops("u").Stop()));
        Assert.Equal(["x", "y"], dictionary.Names);
        Assert.True(dictionary.TryGet("x", out var value));
        Assert.Equal(3L, value);
    }

    [Fact]
    public void Protocol_4_names_globals_by_the_stack_and_the_memo()
    {
        // FRAME, then the two names, each memoised; the second dictionary takes both from the memo.
        var pickle = new TestPickle(protocol: 4).Raw(0x95, 3, 0, 0, 0, 0, 0, 0, 0).Ops("]\u0094").ShortText("collections").Ops("\u0094").ShortText("OrderedDict").Ops("\u0094\u0093\u0094)R\u0094a")
            .Raw((byte)'h', 1, (byte)'h', 2).Ops("\u0093)Ra");
        var list = Assert.IsType<PickleList>(TestCheckpoint.Value(pickle.Stop()));
        Assert.All(list.Items, item => Assert.True(Assert.IsType<PickleDictionary>(item).IsOrdered));
        Assert.Equal(2, list.Items.Count);
    }

    [Fact]
    public void A_container_may_hold_itself()
    {
        var list = Assert.IsType<PickleList>(TestCheckpoint.Value(new TestPickle().Ops("]q\u0000h\u0000a").Stop()));
        Assert.Same(list, list.Items[0]);
        var dictionary = Assert.IsType<PickleDictionary>(TestCheckpoint.Value(new TestPickle().Ops("}q\u0000").Text("me").Ops("h\u0000s").Stop()));
        Assert.True(dictionary.TryGet("me", out var me));
        Assert.Same(dictionary, me);
    }

    [Fact]
    public void Attributes_of_an_ordered_dictionary_are_passed_over()
    {
        var pickle = new TestPickle().Ordered().Text("x").Int(1).Ops("s}").Text("_metadata").Ordered().Ops("sb");
        var dictionary = Assert.IsType<PickleDictionary>(TestCheckpoint.Value(pickle.Stop()));
        Assert.Equal(["x"], dictionary.Names);
    }

    [Fact]
    public void Storages_of_every_type_are_read_bit_for_bit()
    {
        (string Storage, TensorType Type, int Size)[] types =
        [
            ("FloatStorage", TensorType.F32, 4), ("DoubleStorage", TensorType.F64, 8), ("HalfStorage", TensorType.F16, 2), ("BFloat16Storage", TensorType.BF16, 2),
            ("LongStorage", TensorType.I64, 8), ("IntStorage", TensorType.I32, 4), ("ShortStorage", TensorType.I16, 2), ("CharStorage", TensorType.I8, 1),
            ("ByteStorage", TensorType.U8, 1), ("BoolStorage", TensorType.Bool, 1),
        ];
        foreach (var (storage, type, size) in types)
        {
            var bytes = new byte[6 * size];
            new Random(size).NextBytes(bytes);
            using var checkpoint = Tensor(storage, bytes, 6, 1, [5], [1]);
            var tensor = Assert.IsType<CheckpointTensor>(checkpoint.Root);
            Assert.Equal(type, tensor.Type);
            Assert.Equal(bytes[size..], checkpoint.Bytes(tensor, "t"));
        }
    }

    [Fact]
    public void Halves_and_doubles_become_floats()
    {
        using var half = Tensor("HalfStorage", MemoryMarshal.AsBytes<Half>([(Half)1.5, (Half)(-2)]).ToArray(), 2, 0, [2], [1]);
        Assert.Equal([1.5f, -2f], half.Floats((CheckpointTensor)half.Root!, "t"));
        using var brain = Tensor("BFloat16Storage", [0x80, 0x3F, 0x40, 0xC0], 2, 0, [2], [1]);
        Assert.Equal([1f, -3f], brain.Floats((CheckpointTensor)brain.Root!, "t"));
        using var wide = Tensor("DoubleStorage", MemoryMarshal.AsBytes<double>([0.1, -3]).ToArray(), 2, 0, [2], [1]);
        Assert.Equal([0.1f, -3f], wide.Floats((CheckpointTensor)wide.Root!, "t"));
        using var whole = Tensor("LongStorage", new byte[8], 1, 0, [1], [1]);
        Assert.Contains("floating point", Assert.Throws<ModelFormatException>(() => whole.Floats((CheckpointTensor)whole.Root!, "t")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, new long[] { 2, 3 }, new long[] { 3, 1 }, new float[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(0, new long[] { 3, 2 }, new long[] { 1, 3 }, new float[] { 0, 3, 1, 4, 2, 5 })]
    [InlineData(1, new long[] { 2, 2 }, new long[] { 6, 2 }, new float[] { 1, 3, 7, 9 })]
    [InlineData(4, new long[] { 3, 2 }, new long[] { 0, 1 }, new float[] { 4, 5, 4, 5, 4, 5 })]
    [InlineData(4, new long[] { 2, 3 }, new long[] { 1, 0 }, new float[] { 4, 4, 4, 5, 5, 5 })]
    [InlineData(11, new long[] { }, new long[] { }, new float[] { 11 })]
    [InlineData(11, new long[] { 1, 1 }, new long[] { 99, 99 }, new float[] { 11 })]
    [InlineData(0, new long[] { 2, 0, 3 }, new long[] { 9, 9, 9 }, new float[] { })]
    [InlineData(0, new long[] { 2, 1, 2, 3 }, new long[] { 6, 77, 3, 1 }, new float[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 })]
    public void Views_are_made_whole(long offset, long[] shape, long[] strides, float[] expected)
    {
        var numbers = Enumerable.Range(0, 12).Select(i => (float)i).ToArray();
        using var checkpoint = Tensor("FloatStorage", MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray(), 12, offset, shape, strides);
        var tensor = (CheckpointTensor)checkpoint.Root!;
        Assert.Equal(shape, tensor.Shape);
        Assert.Equal(expected, checkpoint.Floats(tensor, "t"));
    }

    [Fact]
    public void Tensors_may_share_a_storage_and_a_parameter_is_its_tensor()
    {
        var bytes = MemoryMarshal.AsBytes<float>([1, 2, 3, 4]).ToArray();
        var pickle = new TestPickle().Ops("(").Tensor("FloatStorage", "0", 4, 0, [2], [1])
            .Global("torch._utils", "_rebuild_parameter").Ops("(").Tensor("FloatStorage", "0", 4, 2, [2], [1]).Bool(true).Ordered().Ops("tRt");
        using var checkpoint = TestCheckpoint.Parse(TestCheckpoint.Zip(pickle.Stop(), ("0", bytes)));
        var tensors = ((PickleTuple)checkpoint.Root!).Items.Cast<CheckpointTensor>().ToArray();
        Assert.Equal([1f, 2f], checkpoint.Floats(tensors[0], "a"));
        Assert.Equal([3f, 4f], checkpoint.Floats(tensors[1], "b"));
        Assert.Equal(2, checkpoint.Tensors);
    }

    [Fact]
    public void A_seventh_argument_of_a_tensor_is_passed_over()
    {
        var pickle = new TestPickle().Global("torch._utils", "_rebuild_tensor_v2").Ops("(").Storage("FloatStorage", "0", 1).Int(0).Lengths().Lengths().Bool(false).Ordered().Ops("}tR");
        Assert.IsType<CheckpointTensor>(TestCheckpoint.Value(pickle.Stop(), ("0", new byte[4])));
    }

    private static PyTorchCheckpoint Tensor(string storage, byte[] bytes, long count, long offset, long[] shape, long[] strides) =>
        TestCheckpoint.Parse(TestCheckpoint.Zip(new TestPickle().Tensor(storage, "0", count, offset, shape, strides).Stop(), ("0", bytes)));
}
