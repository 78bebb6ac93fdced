using Realtime.Models;
using Realtime.Tests;

namespace Realtime.Interop.Tests.Program;

/// <summary>The import command as a user runs it.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("import ü ").FullName;

    private static string Checkpoint => Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens", "checkpoints", "poyo_tiny_state_dict.pt");

    private string Output => Path.Combine(_folder, "new folder", "poyo.rtmodel");

    [Fact]
    public void A_state_dict_becomes_a_model_that_loads()
    {
        var config = Write("tiny.yaml", "_target_: torch_brain.models.POYO\nsequence_length: 1.0\nlatent_step: 0.25\nffn_dropout: 0.2\n");
        var units = Write("units.csv", "word,stream,electrode,sorted_id\nu2,probe,Electrode 1,1\nu0,probe,Electrode 2,1\n");
        var errors = Expect(0, [Checkpoint, "-o", Output, "--config", config, "--units", units, "--outputs", "vx:cm/s,vy:cm/s", "--output-sd", "20,30", "--target-ms", "50", "--note", "mine"],
            "57 tensors with 63882 numbers", "Session 's0', 2 units", "vx (cm/s), vy (cm/s)", "Wrote ");
        using var file = ModelFile.Read(Output);
        Assert.Contains(file.Hash, errors, StringComparison.Ordinal);
        Assert.Equal(("poyo", 50_000_000), (file.Config.Kind, file.Config.TargetNs));
        Assert.Equal("Electrode 1", file.Config.Units[0].Electrode);
        Assert.Equal(WeightOrigin.Imported, file.Config.Training.Origin);
        Assert.StartsWith("mine (imported from poyo_tiny_state_dict.pt, sha-256 ", file.Config.Training.Note, StringComparison.Ordinal);
        Assert.Equal("poyo", ModelLoader.Create(file).Description.Name);
    }

    [Fact]
    public void Questions_that_the_checkpoint_leaves_open_are_asked()
    {
        Expect(4, [Checkpoint, "-o", Output], "hyper_parameters", "--config", "poyo_1.3M");
        Expect(4, [Checkpoint, "-o", Output, "--config", "poyo_1.3M"], "num_latents_per_step", "is 16");
        Expect(4, [Checkpoint, "-o", Output, "--config", "poyo_1.4M"], "poyo_1.4M", "the nearest is 'poyo_1.3M'");
        var config = Write("tiny.json", """{ "model": "POYO", "hyper_parameters": { "sequence_length": 1.0, "latent_step": 0.25, "dim": 32 } }""");
        Expect(4, [Checkpoint, "-o", Output, "--config", config, "--session", "s1"], "no session 's1'", "the nearest is 's0'", "--session");
        Expect(4, [Checkpoint, "-o", Output, "--config", config, "--outputs", "vx"], "has 2 outputs, but 1 are named");
        Expect(4, [Checkpoint, "-o", Output, "--config", config, "--units", Write("u.csv", "u0;probe;E1;1")], "u.csv", "line 1");
        Expect(4, [Checkpoint, "-o", Output, "--config", Write("broken.yaml", "a: [")], "broken.yaml");
        Expect(2, [Checkpoint, "-o", Output, "--output-sd", "a"], "--output-sd");
        Expect(2, [Checkpoint, "-o", Output, "--target-ms", "0"], "--target-ms");
        Expect(2, [Checkpoint]);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void A_file_that_is_no_checkpoint_is_named()
    {
        Expect(4, [Write("notes.ckpt", "my notes on the rig"), "-o", Output], "notes.ckpt", "no PyTorch checkpoint");
        Expect(4, [Path.Combine(_folder, "none.ckpt"), "-o", Output], "none.ckpt");
        Expect(4, [Path.Combine(TestGoldens, "poyo_tiny", "weights.safetensors"), "-o", Output], "weights.safetensors", "no PyTorch checkpoint");
        Assert.False(File.Exists(Output));
    }

    [NeedsSharedFact]
    public void Lightning_checkpoints_bring_their_configuration()
    {
        var checkpoints = Path.Combine(RepositoryFiles.Shared!, "golden", "checkpoints");
        Expect(0, [Path.Combine(checkpoints, "poyo_tiny_lightning.ckpt"), "-o", Output], "57 tensors", "Passed over beside the state dict: epoch", "optimizer_states");
        Expect(0, [Path.Combine(checkpoints, "possm_tiny_lightning.ckpt"), "-o", Output], "WARNING", "--visible-tokens");
        Expect(0, [Path.Combine(checkpoints, "possm_tiny_lightning.ckpt"), "-o", Output, "--visible-tokens", "14"], "40 tensors", "possm");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string TestGoldens => Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens");

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Expect(int code, string[] arguments, params string[] texts)
    {
        var (actual, output, errors) = Rtdecode.Run(["import", .. arguments]);
        Assert.True(actual == code, $"rtdecode import {string.Join(" ", arguments)} ended with {actual}, not {code}: {output}{errors}");
        Assert.DoesNotContain("   at ", errors);
        foreach (var text in texts) Assert.Contains(text, output + errors, StringComparison.Ordinal);
        return errors;
    }
}
