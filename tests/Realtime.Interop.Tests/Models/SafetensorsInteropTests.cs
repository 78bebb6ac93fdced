using System.Security.Cryptography;
using System.Text.Json;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Interop.Tests.Models;

/// <summary>Our reader and writer against one written in numpy from the published format alone.</summary>
public sealed class SafetensorsInteropTests
{
    [NeedsNumpyFact]
    public void Numpy_reads_what_we_write()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("ours.safetensors");
        var bytes = SafetensorsWriter.ToBytes(
            [
                TensorData.Of("weights/ü \"q\"", [1f, float.NaN, -0f, 3e38f, 1e-45f, 6f], 2, 3),
                TensorData.Of("d", [Math.E], 1),
                TensorData.Of("l", [long.MinValue, -1, long.MaxValue], 3, 1),
                TensorData.Of("scalar", [1f]),
                TensorData.Of("none", Array.Empty<double>(), 3, 0),
                new TensorData("half", TensorType.F16, [1], [0, 0x3C]),
                new TensorData("bool", TensorType.Bool, [2], [1, 0]),
            ],
            new Dictionary<string, string> { ["config"] = "{\"a\":\"ß<>&\"}" });
        File.WriteAllBytes(path, bytes);
        AgreeOn(path);
    }

    [NeedsNumpyFact]
    public void We_read_what_numpy_writes()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("theirs.safetensors");
        NumpyPeer.Call("write", path);
        AgreeOn(path);
        using var file = SafetensorsFile.Read(path);
        Assert.Equal("numpy ü", file.Metadata["who"]);
        Assert.Equal([0f, 1, 2, 3, 4, 5], file.Floats("of/F32"));
        Assert.Equal([0f, 1, 2, 3, 4, 5], file.Floats("of/F16"));
        Assert.Equal([0d, 1, 2, 3, 4, 5], file.Doubles("of/F64"));
        Assert.Equal([0L, 1, 2, 3, 4, 5], file.Longs("of/I64"));
        Assert.Equal([2.5f], file.Floats("scalar"));
        Assert.Equal([0L, 4L], file.Tensors["nothing"].Shape);
    }

    [NeedsNumpyFact(needsShared: true)]
    public void Both_read_the_reference_files_alike()
    {
        var paths = Directory.GetFiles(Path.Combine(RepositoryFiles.Shared!, "golden"), "*.safetensors", SearchOption.AllDirectories);
        Assert.NotEmpty(paths);
        AgreeOn(paths);
    }

    private static void AgreeOn(params string[] paths)
    {
        var lines = NumpyPeer.Call(["digest", .. paths]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(paths.Length, lines.Length);
        for (var i = 0; i < paths.Length; i++) Compare(paths[i], lines[i]);
    }

    private static void Compare(string path, string line)
    {
        using var theirs = JsonDocument.Parse(line);
        using var ours = SafetensorsFile.Read(path);
        var metadata = theirs.RootElement.GetProperty("metadata").EnumerateObject()
            .ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!);
        Assert.Equal(metadata.OrderBy(pair => pair.Key), ours.Metadata.OrderBy(pair => pair.Key));
        var tensors = theirs.RootElement.GetProperty("tensors").EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value);
        Assert.Equal(tensors.Keys.Order(), ours.Tensors.Keys.Order());
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor[0].GetString(), ours.Tensors[name].Type.Name());
            Assert.Equal(tensor[1].EnumerateArray().Select(length => length.GetInt64()), ours.Tensors[name].Shape);
            Assert.Equal(tensor[2].GetString(), Convert.ToHexStringLower(SHA256.HashData(ours.Bytes(name))));
        }
    }
}
