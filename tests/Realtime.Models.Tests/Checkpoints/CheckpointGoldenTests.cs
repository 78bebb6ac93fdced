using Realtime.Models.Checkpoints;
using Realtime.Models.Poyo;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests.Checkpoints;

/// <summary>Files that torch.save wrote from upstream's own modules, against the weights that were put into them.</summary>
public sealed class CheckpointGoldenTests
{
    private static string StateDictPath => Path.Combine(TestStateDict.Goldens, "checkpoints", "poyo_tiny_state_dict.pt");

    [Fact]
    public void A_bare_state_dict_has_the_bits_of_the_weights()
    {
        using var checkpoint = PyTorchCheckpoint.Read(StateDictPath);
        using var weights = SafetensorsFile.Read(Path.Combine(TestStateDict.Goldens, "poyo_tiny", "weights.safetensors"));
        AreEqual(weights, checkpoint, "");
        Assert.Equal(0, checkpoint.ChecksumsThatDiffer);
        Assert.Equal(weights.Tensors.Count, checkpoint.Tensors);
    }

    [Fact]
    public void A_bare_state_dict_becomes_a_model_file_of_the_same_bits()
    {
        using var checkpoint = PyTorchCheckpoint.Read(StateDictPath);
        var config = new HyperParameters("test", new Dictionary<string, object?> { ["sequence_length"] = 1L, ["latent_step"] = 0.25, ["_target_"] = "ignored" });
        var model = CheckpointImporter.Import(checkpoint, new ImportOptions { HyperParameters = config });
        using var weights = SafetensorsFile.Read(Path.Combine(TestStateDict.Goldens, "poyo_tiny", "weights.safetensors"));
        AreEqual(weights, model.File.Tensors);
        var settings = TestStateDict.Settings<PoyoSettings>(model);
        Assert.Equal(["NA", "u0", "u1", "u2"], settings.UnitVocab);
        Assert.Equal(["NA", "s0"], settings.SessionVocab);
        Assert.Equal([1, 2, 3], settings.UnitRows);
        Assert.Equal((4, 32, 2, 16, 1, 2), (settings.HyperParameters.NumLatentsPerStep, settings.HyperParameters.Dim, settings.HyperParameters.Depth,
            settings.HyperParameters.DimHead, settings.HyperParameters.CrossHeads, settings.HyperParameters.SelfHeads));
        Assert.Equal(WeightOrigin.Imported, model.File.Config.Training.Origin);
        Assert.Empty(model.Notes);
    }

    [NeedsSharedFact]
    public void A_lightning_checkpoint_of_poyo_has_the_bits_of_the_weights() => Lightning("poyo");

    [NeedsSharedFact]
    public void A_lightning_checkpoint_of_possm_has_the_bits_of_the_weights() => Lightning("possm", new ImportOptions { VisibleTokens = 14 });

    private static void Lightning(string kind, ImportOptions? options = null)
    {
        var golden = Path.Combine(RepositoryFiles.Shared!, "golden");
        using var checkpoint = PyTorchCheckpoint.Read(Path.Combine(golden, "checkpoints", $"{kind}_tiny_lightning.ckpt"));
        using var weights = SafetensorsFile.Read(Path.Combine(golden, kind, "tiny", "weights.safetensors"));
        AreEqual(weights, checkpoint, "model.");
        Assert.Equal(0, checkpoint.ChecksumsThatDiffer);
        var model = CheckpointImporter.Import(checkpoint, options ?? new ImportOptions());
        AreEqual(weights, model.File.Tensors);
        Assert.Equal(kind, model.File.Config.Kind);
        Assert.Equal(kind == "poyo" ? 1_000_000_000 : 50_000_000, model.File.Config.BinNs);
        Assert.Contains(model.PassedOver, line => line.Contains("optimizer_states", StringComparison.Ordinal));
    }

    private static void AreEqual(SafetensorsFile expected, SafetensorsFile actual)
    {
        Assert.Equal(expected.Tensors.Keys.Order(), actual.Tensors.Keys.Order());
        foreach (var tensor in expected.Tensors.Values)
        {
            Assert.Equal(tensor.Shape, actual.Tensors[tensor.Name].Shape);
            Assert.True(expected.Bytes(tensor.Name).SequenceEqual(actual.Bytes(tensor.Name)), tensor.Name);
        }
    }

    private static void AreEqual(SafetensorsFile weights, PyTorchCheckpoint checkpoint, string prefix)
    {
        var root = Assert.IsType<PickleDictionary>(checkpoint.Root);
        var state = root.TryGet("state_dict", out var inner) ? Assert.IsType<PickleDictionary>(inner) : root;
        var tensors = state.Entries.Where(entry => entry.Value is CheckpointTensor).ToDictionary(entry => (string)entry.Key!, entry => (CheckpointTensor)entry.Value!);
        Assert.Equal(weights.Tensors.Keys.Select(name => prefix + name).Order(), tensors.Keys.Order());
        foreach (var expected in weights.Tensors.Values)
        {
            var tensor = tensors[prefix + expected.Name];
            Assert.Equal(expected.Shape, tensor.Shape);
            Assert.Equal(expected.Type, tensor.Type);
            Assert.True(weights.Bytes(expected.Name).SequenceEqual(checkpoint.Bytes(tensor, expected.Name)), expected.Name);
        }

        Assert.True(state.TryGet(prefix + "unit_emb.vocab", out var units));
        Assert.Equal(["NA", "u0", "u1", "u2"], Assert.IsType<PickleDictionary>(units).Entries.OrderBy(entry => (long)entry.Value!).Select(entry => (string)entry.Key!));
        Assert.True(state.TryGet(prefix + "session_emb.vocab", out var sessions));
        Assert.Equal(["NA", "s0"], Assert.IsType<PickleDictionary>(sessions).Entries.OrderBy(entry => (long)entry.Value!).Select(entry => (string)entry.Key!));
    }
}
