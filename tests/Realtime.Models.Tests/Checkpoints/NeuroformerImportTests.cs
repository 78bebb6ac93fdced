using System.Text.Json.Nodes;
using Realtime.Models.Checkpoints;
using Realtime.Models.Neuroformer;
using Realtime.Models.Tests.Neuroformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Checkpoints;

/// <summary>Checkpoints of Neuroformer, from the weights of the golden folders.</summary>
public sealed class NeuroformerImportTests
{
    [Fact]
    public void A_state_dict_and_its_mconf_become_a_model_file()
    {
        var model = Import(State("strides"), Hyper("strides"), new() { FrameSize = (10, 13), Task = "reward", OutputSd = [2] });
        var settings = TestStateDict.Settings<NeuroformerSettings>(model);
        var config = settings.HyperParameters;
        Assert.Equal(NeuroformerKind.Name, model.File.Config.Kind);
        Assert.Equal(["lever_0", "lever_1", "lever_2", "lever_3"], model.File.Config.Outputs.Select(output => output.Name));
        Assert.Equal((9, 6, 18, 3, 10, 14), (config.Neurons, config.DtBins, config.NEmbd, config.NHead, config.BlockId, config.BlockPrevId));
        Assert.Equal((1, 1, 2), (config.StateLayers, config.HistoryLayers, config.StimulusLayers));
        Assert.Equal([1, 3, 4], config.Frames!.Stride);
        Assert.Equal((4, 10, 13), (config.Frames.Count, config.Frames.Height, config.Frames.Width));
        Assert.Equal([1, 1], config.Groups.Select(group => group.Layers));
        Assert.Equal(["id", "frames", "eos", "behavior.phi"], config.ContrastiveVars);
        Assert.Equal(Enumerable.Range(0, 9), settings.UnitTokens);
        Assert.Equal([2, 2, 2, 2], settings.OutputSd);
        Assert.Equal((0.05, 1), (settings.LabelLag, settings.FrameLookAhead));
        Assert.Equal(100_000_000, model.File.Config.BinNs);

        // The file's tensors are those of the folder, bit by bit, without the ones that nothing reads.
        using var golden = SafetensorsFile.Read(Path.Combine(NeuroformerFolders.Own("strides"), "weights.safetensors"));
        foreach (var name in model.File.Tensors.Tensors.Keys) Assert.True(golden.Bytes(name).SequenceEqual(model.File.Tensors.Bytes(name)), name);
        Assert.DoesNotContain("neural_visual_transformer.ln_f.weight", model.File.Tensors.Tensors.Keys);
        Assert.Contains(model.PassedOver, passed => passed.Contains("neural_visual_transformer.ln_f.weight", StringComparison.Ordinal));
        var weights = NeuroformerWeights.Read(new WeightReader(model.File.Tensors), config);
        Assert.Equal(2, weights.FrameEncoder.Count);
    }

    [Fact]
    public void Units_can_be_chosen_and_named()
    {
        var units = new[] { "4", "0" }.Select(word => UnitAssignment.FromWord(word, "probe")).ToArray();
        var model = Import(State("waves"), Hyper("waves"), new() { Units = units });
        Assert.Equal([4, 0], TestStateDict.Settings<NeuroformerSettings>(model).UnitTokens);
        Assert.Equal(units.Select(unit => unit.Unit), model.File.Config.Units);
        Assert.Contains("no unit '7'", Assert.Throws<ModelFormatException>(() =>
            Import(State("waves"), Hyper("waves"), new() { Units = [UnitAssignment.FromWord("7", "probe")] })).Message);
    }

    [Fact]
    public void What_is_missing_or_contradictory_is_named()
    {
        Refused("--frame-size", State("strides"), Hyper("strides"), new() { Task = "reward" });
        Refused("--task", State("strides"), Hyper("strides"), new() { FrameSize = (10, 13) });
        Refused("no group 'rewards'", State("strides"), Hyper("strides"), new() { FrameSize = (10, 13), Task = "rewards" });
        Refused("no targets", State("patches"), Hyper("patches"), new() { FrameSize = (8, 12) });
        Refused("n_embd", State("waves"), Hyper("waves", config => config["n_embd"] = 16), new());
        Refused("layers.state_history", State("waves"), Hyper("waves", config => config["layers"]!["state_history"] = 3), new());
        Refused("--config", State("waves"), null, new());
        var odd = State("waves");
        odd.Tensor("gru.weight", [1], 1);
        Refused("gru.weight", odd, Hyper("waves"), new());
        var less = State("waves");
        less.Remove("neural_visual_transformer.neural_state_blocks.1.mlp.2.bias");
        Refused("mlp.2.bias", less, Hyper("waves"), new());
    }

    private static void Refused(string expected, TestStateDict state, HyperParameters? hyper, ImportOptions options) =>
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Import(state, hyper, options)).Message, StringComparison.Ordinal);

    private static ImportedModel Import(TestStateDict state, HyperParameters? hyper, ImportOptions options)
    {
        using var checkpoint = PyTorchCheckpoint.Parse(new MemoryStream(state.Bare()), "model.pt");
        return CheckpointImporter.Import(checkpoint, options with { HyperParameters = hyper });
    }

    private static TestStateDict State(string folder)
    {
        var state = new TestStateDict();
        using var file = SafetensorsFile.Read(Path.Combine(NeuroformerFolders.Own(folder), "weights.safetensors"));
        foreach (var tensor in file.Tensors.Values) state.Tensor(tensor.Name, file.Floats(tensor.Name), [.. tensor.Shape]);

        // What upstream's state dict has beside its weights.
        state.Tensor("feature_encoder.mask", [1], 1, 1, 1, 1);
        return state;
    }

    /// <summary>The golden folder's configuration as mconf.yaml is read, with the window of the frames.</summary>
    private static HyperParameters Hyper(string folder, Action<JsonObject>? change = null)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(NeuroformerFolders.Own(folder), "config.json")))!["config"]!.AsObject();
        config["window"]!["frame"] = folder == "patches" ? 0.1 : 0.2;
        change?.Invoke(config);
        return new HyperParameters("mconf.yaml", config.ToDictionary(entry => entry.Key, entry => entry.Value switch
        {
            JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
            JsonValue value when value.TryGetValue<long>(out var whole) => whole,
            JsonValue value when value.TryGetValue<double>(out var number) => number,
            null => null,
            var node => (object)node,
        }, StringComparer.Ordinal));
    }
}
