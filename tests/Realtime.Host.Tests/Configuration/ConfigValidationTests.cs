using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Host.Configuration;
using Realtime.Host.Doctor;
using Realtime.Models;
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

    [Theory]
    [InlineData(FitnessVerdict.Unfit, false, false, "model.path: the model was judged unfit for live use: mean R2 0.100, against 0.300 of wiener fitted to the same 2 min, on 60 s of session s")]
    [InlineData(FitnessVerdict.Unfit, true, true, "unfit for live use and runs because the rig config says model.allow_unfit")]
    [InlineData(FitnessVerdict.Forced, false, true, "by force, against its scores")]
    [InlineData(FitnessVerdict.Fit, false, true, "Fit for live use: mean R2 0.100")]
    public void A_models_fitness_for_live_use_is_told_and_an_unfit_one_is_refused(FitnessVerdict verdict, bool allowed, bool sound, string words)
    {
        var bytes = PoyoRandom.Create(new PoyoConfig { Dim = 16, Depth = 1, DimHead = 8 }, new RandomModelOptions
        {
            Units = [new UnitId("probe", "a", 1)],
            Outputs = [new OutputChannel("x", "cm")],
            Session = "s",
        });
        using var file = ModelFile.Parse(bytes, "m");
        File.WriteAllBytes(Path.Combine(_folder, "m.rtmodel"), file.WithFitness(new LiveFitness
        {
            Verdict = verdict,
            Score = 0.1,
            BaselineScore = 0.3,
            Baseline = "wiener",
            Session = "s",
            HeldOut = [[120, 180]],
            Minutes = 2,
        }));
        var (answer, text) = Run($"schema_version: 1\nsources:\n  - name: a\nmodel:\n  path: m.rtmodel\n  allow_unfit: {(allowed ? "true" : "false")}\n");
        Assert.Equal(sound, answer);
        Assert.Contains(words, text);
        var doctor = new List<CheckResult>();
        ConfigCheck.Run(Path.Combine(_folder, "rig.yaml"), doctor);
        Assert.Contains(doctor, check => check.Name == (sound ? "model" : "config") && check.Level == (sound ? CheckLevel.Warn : CheckLevel.Fail));
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
