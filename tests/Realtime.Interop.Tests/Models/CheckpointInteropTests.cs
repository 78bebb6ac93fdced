using System.Numerics;
using System.Text.Json;
using Realtime.Models;
using Realtime.Models.Checkpoints;

namespace Realtime.Interop.Tests.Models;

/// <summary>Our checkpoint reader against files that Python's own pickle and zipfile wrote, and PyTorch.</summary>
public sealed class CheckpointInteropTests
{
    [NeedsPythonTheory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_pythons_pickle_writes_is_read(int protocol)
    {
        using var folder = new TemporaryFolder();
        var expected = CheckpointPeer.Stdlib(folder.File("a.pt"), protocol);
        using var checkpoint = PyTorchCheckpoint.Read(folder.File("a.pt"));
        var root = Assert.IsType<PickleDictionary>(checkpoint.Root);
        var state = Assert.IsType<PickleDictionary>(Value(root, "state_dict"));
        Agree(checkpoint, state, expected);
        Assert.Equal(0, checkpoint.ChecksumsThatDiffer);
        var longs = Assert.IsType<CheckpointTensor>(Value(state, "longs"));
        Assert.Equal([1L << 40, -(1L << 40)], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(checkpoint.Bytes(longs, "longs")).ToArray());
        var words = Assert.IsType<PickleDictionary>(Value(state, "words"));
        Assert.True(words.IsOrdered);
        Assert.Equal(["zwei ü", "NA"], words.Names);
        Assert.Same(state, Value(root, "again"));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (object)(long)i), Assert.IsType<PickleList>(Value(root, "many")).Items);
        Assert.Equal(-7L, Value(root, "negative"));
        Assert.Equal(BigInteger.Pow(2, 63), Value(root, "wide"));
        Assert.Equal([true, false, null], Assert.IsType<PickleTuple>(Value(root, "flags")).Items);
        var loop = Assert.IsType<PickleList>(Value(root, "loop"));
        Assert.Same(loop, loop.Items[0]);
        var nested = Assert.IsType<PickleList>(Value(Assert.IsType<PickleDictionary>(Value(root, "nested")), "a"));
        Assert.Equal(1.5, nested.Items[0]);
    }

    [NeedsTorchFact]
    public void What_torch_saves_is_read_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        foreach (var protocol in new[] { 2, 3, 4 })
        {
            var expected = CheckpointPeer.WithTorch("torch", folder.File("a.ckpt"), protocol);
            using var checkpoint = PyTorchCheckpoint.Read(folder.File("a.ckpt"));
            var root = Assert.IsType<PickleDictionary>(checkpoint.Root);
            Agree(checkpoint, Assert.IsType<PickleDictionary>(Value(root, "state_dict")), expected);
            Assert.Equal(0, checkpoint.ChecksumsThatDiffer);
            Assert.Equal(3L, Value(root, "epoch"));
            Assert.Equal([0, 1, 2, 3], checkpoint.Bytes(Assert.IsType<CheckpointTensor>(Value(root, "bytes")), "bytes"));
        }
    }

    [NeedsTorchFact]
    public void Other_files_of_torch_are_told_apart()
    {
        Refused("legacy", "before version 1.6");
        Refused("script", "TorchScript");
        Refused("module", "'torch.nn.modules.linear.Linear'");
    }

    private static void Refused(string command, string expected)
    {
        using var folder = new TemporaryFolder();
        CheckpointPeer.WithTorch(command, folder.File("a.pt"));
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => PyTorchCheckpoint.Read(folder.File("a.pt"))).Message, StringComparison.Ordinal);
    }

    private static void Agree(PyTorchCheckpoint checkpoint, PickleDictionary state, string expected)
    {
        using var json = JsonDocument.Parse(expected);
        Assert.NotEmpty(json.RootElement.EnumerateObject());
        foreach (var entry in json.RootElement.EnumerateObject())
        {
            var tensor = Assert.IsType<CheckpointTensor>(Value(state, entry.Name));
            var due = entry.Value.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Number ? (float)value.GetDouble() : float.NaN).ToArray();
            Assert.True(due.AsSpan().SequenceEqual(checkpoint.Floats(tensor, entry.Name)), entry.Name);
        }
    }

    private static object? Value(PickleDictionary dictionary, string key)
    {
        Assert.True(dictionary.TryGet(key, out var value), key);
        return value;
    }
}
