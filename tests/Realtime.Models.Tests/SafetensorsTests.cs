using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests;

public sealed class SafetensorsTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        var bytes = SafetensorsWriter.ToBytes(
            [
                TensorData.Of("b/zwei ü", [1f, float.NaN, float.NegativeInfinity, -0f], 2, 2),
                TensorData.Of("a", [Math.PI], 1),
                TensorData.Of("empty", Array.Empty<float>(), 0, 7),
                TensorData.Of("scalar", [-5L]),
                new TensorData("flags", TensorType.Bool, [3], [1, 0, 1]),
            ],
            new Dictionary<string, string> { ["note"] = "größer > \"quoted\"\n", ["format"] = "x" });
        var file = Parse(bytes);
        Assert.Equal("größer > \"quoted\"\n", file.Metadata["note"]);
        Assert.Equal([1f, float.NaN, float.NegativeInfinity, -0f], file.Floats("b/zwei ü"));
        Assert.Equal([Math.PI], file.Doubles("a"));
        Assert.Empty(file.Floats("empty"));
        Assert.Equal([-5L], file.Longs("scalar"));
        Assert.Equal([2L, 2L], file.Tensors["b/zwei ü"].Shape);
        Assert.Equal(new byte[] { 1, 0, 1 }, file.Bytes("flags").ToArray());
    }

    [Fact]
    public void The_same_tensors_in_another_order_give_the_same_bytes()
    {
        TensorData[] tensors = [TensorData.Of("a", [1f], 1), TensorData.Of("b", [2d], 1)];
        Assert.Equal(SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>()),
            SafetensorsWriter.ToBytes(tensors.Reverse(), new Dictionary<string, string>()));
    }

    [Fact]
    public void Half_and_bfloat_are_widened_exactly()
    {
        var bytes = SafetensorsWriter.ToBytes(
            [
                new TensorData("half", TensorType.F16, [2], MemoryMarshal.AsBytes<Half>([(Half)1.5, Half.NaN]).ToArray()),
                new TensorData("brain", TensorType.BF16, [2], [0x80, 0x3F, 0x40, 0xC0]),
            ],
            new Dictionary<string, string>());
        Assert.Equal([1.5f, float.NaN], Parse(bytes).Floats("half"));
        Assert.Equal([1f, -3f], Parse(bytes).Floats("brain"));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'F4'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "does not fill its 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""", 4, "does not fill")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "backwards")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 4, "has only 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}""", 4, "has only 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6,
        "inside another tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[6,10]}}""", 10,
        "leaving 2 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "1 bytes behind its last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "'a': stands twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F64","shape":[1],"data_offsets":[0,4]}}""", 4, "'dtype' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"extra":1}}""", 4, "unknown field 'extra'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "needs dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "whole numbers from 0")]
    [InlineData("""{"__metadata__":{"x":1}}""", 0, "holds Number where String is due")]
    [InlineData("""{"__metadata__":{"x":"1","x":"2"}}""", 0, "stands twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "stands twice")]
    [InlineData("""{"a":7}""", 0, "holds Number where StartObject is due")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]""", 4, "not the JSON")]
    [InlineData("""{} trailing""", 0, "not the JSON")]
    [InlineData("""[1]""", 0, "does not begin with '{'")]
    [InlineData("", 0, "does not begin with '{'")]
    [InlineData(" {}", 0, "does not begin with '{'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'a': stands twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"\u0073hape":[1]}}""", 4, "'shape' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", 4, "whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "data_offsets of two numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[18446744073709551617],"data_offsets":[0,4]}}""", 4, "whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4294967296,4294967300]}}""", 4, "has only 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}""", 0, "does not fill its 0 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "inside another tensor")]
    [InlineData("""{"__metadata__":{"a":{"b":"c"}}}""", 0, "holds StartObject where String is due")]
    [InlineData("""{"\uD800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}}""", 4, "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32",/**/"shape":[1],"data_offsets":[0,4]}}""", 4, "not the JSON")]
    public void A_broken_header_is_refused_by_name(string json, int dataBytes, string expected)
    {
        var error = Assert.Throws<ModelFormatException>(() => Parse(Raw(json, dataBytes)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("test.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(3UL)]
    public void A_header_longer_than_the_file_or_the_limit_is_refused(ulong length)
    {
        var bytes = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Assert.Contains("claims a header", Assert.Throws<ModelFormatException>(() => Parse(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whitespace_behind_the_header_is_padding()
    {
        foreach (var padding in new[] { " ", "\n\t\r ", new string(' ', 100_000) })
            Assert.Equal([0f], Parse(Raw("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""" + padding, 4)).Floats("a"));
        Assert.Contains("not the JSON", Assert.Throws<ModelFormatException>(() => Parse(Raw("{}\0\0", 0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_in_a_header_is_refused()
    {
        foreach (var inside in new[] { new string('[', 1_000_000), string.Concat(Enumerable.Repeat("{\"a\":", 200_000)) })
            Assert.Throws<ModelFormatException>(() => Parse(Raw("{\"a\":" + inside, 0)));
        Assert.Throws<ModelFormatException>(() => Parse(Raw("""{"a":{"dtype":"F32","shape":""" + new string('[', 1_000_000), 0)));
    }

    [Fact]
    public void Headers_that_list_too_much_are_refused()
    {
        var axes = string.Join(',', Enumerable.Repeat("1", 65));
        Assert.Contains("more than 64 numbers", Refused($$"""{"a":{"dtype":"F32","shape":[{{axes}}],"data_offsets":[0,4]} }"""), StringComparison.Ordinal);
        var tensors = new StringBuilder("{");
        for (var i = 0; i <= 200_000; i++) tensors.Append(System.Globalization.CultureInfo.InvariantCulture, $$"""{{(i == 0 ? "" : ",")}}"{{i}}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}""");
        Assert.Contains("more than 200000 tensors", Refused(tensors.Append('}').ToString()), StringComparison.Ordinal);
        Assert.InRange(Refused($$"""{"{{new string('x', 1_000_000)}}":7}""").Length, 100, 1000);

        static string Refused(string json) => Assert.Throws<ModelFormatException>(() => Parse(Raw(json, 4))).Message;
    }

    [Fact]
    public void Tensors_beyond_4_gigabytes_are_found()
    {
        const long big = 5_000_000_000;
        var header = Encoding.UTF8.GetBytes($$"""{"big":{"dtype":"U8","shape":[{{big}}],"data_offsets":[0,{{big}}]},"far":{"dtype":"F32","shape":[2],"data_offsets":[{{big}},{{big + 8}}]} }""");
        var bytes = new SparseBytes(Raw(Encoding.UTF8.GetString(header), 0), big + 8, MemoryMarshal.AsBytes<float>([1.5f, -2f]).ToArray());
        var file = SafetensorsFile.Parse(bytes, "test.safetensors");
        Assert.Equal([1.5f, -2f], file.Floats("far"));
        Assert.Contains("more than one read can hold", Assert.Throws<ModelFormatException>(() => file.Bytes("big").Length).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_tensor_is_answered_with_the_nearest_name()
    {
        var file = Parse(SafetensorsWriter.ToBytes([TensorData.Of("weight", [1f], 1), TensorData.Of("bias", [1L], 1)],
            new Dictionary<string, string>()));
        Assert.Contains("'weight'", Assert.Throws<ModelFormatException>(() => file.Floats("wieght")).Message, StringComparison.Ordinal);
        Assert.Contains("I64", Assert.Throws<ModelFormatException>(() => file.Floats("bias")).Message, StringComparison.Ordinal);
    }

    [NeedsSharedFact]
    public void Files_of_another_writer_are_read()
    {
        var files = Directory.GetFiles(Path.Combine(RepositoryFiles.Shared!, "golden"), "*.safetensors", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var path in files)
        {
            using var file = SafetensorsFile.Read(path);
            Assert.NotEmpty(file.Tensors);
            foreach (var tensor in file.Tensors.Values)
            {
                Assert.Equal(tensor.Shape.Aggregate(1L, (product, length) => product * length), tensor.Count);
                Assert.Equal(tensor.Length, file.Bytes(tensor.Name).Length);
            }
        }
    }

    internal static byte[] Raw(string json, int dataBytes)
    {
        var header = Encoding.UTF8.GetBytes(json);
        var bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        return bytes;
    }

    private static SafetensorsFile Parse(byte[] bytes) => SafetensorsFile.Parse(new ArrayWeightBytes(bytes), "test.safetensors");
}
