using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Host.Configuration;
using Realtime.Models.Poyo;
using Realtime.Models.Transformer;

namespace Realtime.Host.Tests.Configuration;

public sealed class ConfigValidationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prüfen ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Sound_config_is_summed_up()
    {
        File.WriteAllBytes(Path.Combine(_folder, "m.rtmodel"), PoyoRandom.Create(new PoyoConfig { Dim = 16, Depth = 1, DimHead = 8 }, new RandomModelOptions
        {
            Units = [new UnitId("probe", "a", 1)],
            Outputs = [new OutputChannel("x", "cm")],
            Session = "s",
        }));
        var (sound, text) = Run("schema_version: 1\nsources:\n  - name: a\nmodel:\n  path: m.rtmodel\n");
        Assert.True(sound, text);
        Assert.Contains("poyo, random weights, 1 units, window 1000 ms, outputs x", text);
        Assert.Contains("tcp://127.0.0.1:5556, heartbeats on 5557", text);
        Assert.Contains(Path.Combine(_folder, "m.rtmodel"), text);
    }

    [Fact]
    public void A_file_that_is_no_model_is_a_problem()
    {
        File.WriteAllText(Path.Combine(_folder, "m.rtmodel"), "my notes on the rig");
        var (sound, text) = Run("schema_version: 1\nsources:\n  - name: a\nmodel:\n  path: m.rtmodel\n");
        Assert.False(sound);
        Assert.Contains("rig.yaml: model.path: ", text);
        Assert.Contains("m.rtmodel", text);
    }

    [Fact]
    public void Missing_model_is_named_with_the_nearest_file()
    {
        File.WriteAllText(Path.Combine(_folder, "modle.safetensors"), "");
        var (sound, text) = Run("schema_version: 1\nsources:\n  - name: a\nmodel:\n  path: model.safetensors\n");
        Assert.False(sound);
        Assert.Contains("Did you mean 'modle.safetensors'?", text);
    }

    [Fact]
    public void Every_problem_has_a_line_of_its_own()
    {
        var (sound, text) = Run("schema_version: 1\nnmae: x\nsources:\n  - name: a\n    data_port: 0\nmodel:\n  path: m\n");
        Assert.False(sound);
        Assert.Equal(3, text.TrimEnd().Split('\n').Length);
        Assert.Contains("rig.yaml:2:1: nmae: ", text);
        Assert.Contains("rig.yaml:5:16: sources[0].data_port: ", text);
        Assert.EndsWith("2 problems.", text.TrimEnd());
    }

    private (bool Sound, string Text) Run(string config)
    {
        var path = Path.Combine(_folder, "rig.yaml");
        File.WriteAllText(path, config);
        var output = new StringWriter();
        return (ConfigValidation.Run(path, output), output.ToString());
    }
}
