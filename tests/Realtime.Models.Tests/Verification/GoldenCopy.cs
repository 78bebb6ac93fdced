using System.Text.Json.Nodes;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Verification;

/// <summary>A copy of a golden folder to be spoilt; deleted at the end.</summary>
internal sealed class GoldenCopy : IDisposable
{
    public GoldenCopy(string source)
    {
        Path = Directory.CreateTempSubdirectory("golden").FullName;
        foreach (var file in Directory.GetFiles(source)) File.Copy(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)));
    }

    public string Path { get; }

    public IReadOnlyList<VerifyCase> Verify() => Verifier.Run(Path);

    /// <summary>Changes config.json.</summary>
    public GoldenCopy Config(Action<JsonObject> change)
    {
        var file = System.IO.Path.Combine(Path, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        change(config);
        File.WriteAllText(file, config.ToJsonString());
        return this;
    }

    /// <summary>Changes the tensors of weights, inputs or outputs.</summary>
    public GoldenCopy Tensors(string name, Func<TensorData, TensorData?> change)
    {
        var path = System.IO.Path.Combine(Path, name + ".safetensors");
        var file = SafetensorsFile.Read(path);
        var tensors = file.Tensors.Values.Select(info => new TensorData(info.Name, info.Type, info.Shape, file.Bytes(info.Name).ToArray()));
        File.WriteAllBytes(path, SafetensorsWriter.ToBytes(tensors.Select(change).OfType<TensorData>(), file.Metadata));
        return this;
    }

    /// <summary>Replaces one number of a float32 tensor.</summary>
    public GoldenCopy Weight(string tensor, int index, Func<float, float> change) => Tensors("weights", data =>
    {
        if (data.Name == tensor) BitConverter.TryWriteBytes(data.Bytes.AsSpan(4 * index), change(BitConverter.ToSingle(data.Bytes, 4 * index)));
        return data;
    });

    public GoldenCopy Without(string name, Func<string, bool> which) => Tensors(name, data => which(data.Name) ? null : data);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
