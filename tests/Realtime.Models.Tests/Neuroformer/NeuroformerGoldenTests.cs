using Realtime.Models.Kernels;
using Realtime.Models.Tests.Verification;
using Realtime.Models.Verification;
using Realtime.Models.Weights;
using Realtime.Tests;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Neuroformer;

/// <summary>Neuroformer against what its authors' own code computed, through the verifier that users have.</summary>
public sealed class NeuroformerGoldenTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("strides")]
    [InlineData("waves")]
    [InlineData("patches")]
    [InlineData("raw_frames")]
    public void Other_shapes_agree_with_upstream(string name) => Agrees(NeuroformerFolders.Own(name));

    [NeedsSharedFact]
    public void The_tiny_model_agrees_with_upstream() => Agrees(NeuroformerFolders.Shared("tiny"));

    [NeedsSharedFact]
    public void The_published_layer_counts_agree_with_upstream() => Agrees(NeuroformerFolders.Shared("visnav_like"));

    [NeedsSharedFact]
    public void Tokens_and_generation_agree_with_upstream_in_both_modes()
    {
        var cases = Verifier.Run(NeuroformerFolders.Shared("generate"));
        Show(cases);
        string[] names = ["neuroformer tokens", .. KernelSet.Supported.SelectMany(kernels => new[] { "default", "true_past" }.Select(mode => $"neuroformer generation, {mode}, {kernels.Name}"))];
        Assert.Equal(names, cases.Select(result => result.Name));
        Assert.Equal(24, cases[0].Stages.Count);
        Assert.All(cases.Skip(1), result => Assert.Equal(23, result.Stages.Count));
        Assert.All(cases, result => Assert.True(result.Pass, result.Name));
    }

    [Theory]
    [InlineData("tok_emb.weight", "embed.id")]
    [InlineData("pos_emb_prev", "embed.id_prev")]
    [InlineData("temp_emb.temp_emb.2.bias", "embed.id")]
    [InlineData("video_encoder.conv_block.0.weight", "frames.conv")]
    [InlineData("feature_encoder.frame_state_blocks.1.attn.value.bias", "encoder.frames.1")]
    [InlineData("feature_encoder.neural_state_blocks.0.mlp.2.weight", "encoder.id.0")]
    [InlineData("neural_visual_transformer.neural_state_history_blocks.0.ln_f.bias", "cross.history.0")]
    [InlineData("neural_visual_transformer.neural_state_stimulus_blocks.1.attn.query.weight", "cross.stimulus.1")]
    [InlineData("modality_embeddings.reward.lick.mlp.ln.bias", "embed.reward")]
    [InlineData("neural_visual_transformer.modalities_blocks.reward.0.attn.key.weight", "cross.reward.0")]
    [InlineData("neural_visual_transformer.neural_state_blocks.0.ln1.weight", "state.0")]
    [InlineData("head_dt.weight", "logits.dt")]
    [InlineData("modality_projection_heads.reward.lever.weight", "pred.lever")]
    [InlineData("clip.proj.weight", "clip.id")]
    public void A_changed_tensor_fails_from_its_stage_on(string tensor, string firstStage)
    {
        // The whole tensor, unevenly, so that neither a row that nothing uses nor a norm behind it can hide it.
        using var copy = new GoldenCopy(NeuroformerFolders.Own("strides")).Tensors("weights", data =>
        {
            for (var i = 0; data.Name == tensor && i < data.Bytes.Length / 4; i++)
                BitConverter.TryWriteBytes(data.Bytes.AsSpan(4 * i), BitConverter.ToSingle(data.Bytes, 4 * i) + 0.1f * MathF.Sin(1.7f * i + 1));
            return data;
        });
        foreach (var result in copy.Verify()) Assert.Equal(firstStage, result.Stages.First(stage => !stage.Pass).Name);
    }

    [Fact]
    public void The_value_of_an_input_changes_nothing()
    {
        using var copy = new GoldenCopy(NeuroformerFolders.Own("strides")).Tensors("inputs", data =>
        {
            if (data.Name == "modalities.behavior.phi.value") BitConverter.TryWriteBytes(data.Bytes.AsSpan(), 1000f);
            return data;
        });
        Assert.All(copy.Verify(), result => Assert.True(result.Pass, result.Name));
    }

    [Theory]
    [InlineData("modalities.reward.lick.value", "embed.reward")]
    [InlineData("frames", "frames are taken")]
    public void A_missing_modality_is_named(string tensor, string expected)
    {
        using var copy = new GoldenCopy(NeuroformerFolders.Own("strides")).Without("inputs", name => name == tensor);
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(copy.Verify).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_inputs_of_a_group_missing_is_named()
    {
        using var copy = new GoldenCopy(NeuroformerFolders.Own("waves")).Without("inputs", name => name.StartsWith("modalities.", StringComparison.Ordinal));
        Assert.Contains("inputs are missing", Assert.Throws<ModelFormatException>(copy.Verify).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_of_another_size_are_refused()
    {
        using var copy = new GoldenCopy(NeuroformerFolders.Own("strides")).Tensors("inputs", data => data.Name == "frames"
            ? TensorData.Of("frames", new float[3 * 4 * 10 * 8], 3, 1, 4, 10, 8) : data);
        Assert.Contains("frames.conv", Assert.Throws<ModelFormatException>(copy.Verify).Message, StringComparison.Ordinal);
        using var small = new GoldenCopy(NeuroformerFolders.Own("strides")).Tensors("inputs", data => data.Name == "frames"
            ? TensorData.Of("frames", new float[3 * 2 * 10 * 13], 3, 1, 2, 10, 13) : data);
        Assert.Contains("only 2 long", Assert.Throws<ModelFormatException>(small.Verify).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_outside_the_vocabulary_is_refused()
    {
        using var copy = new GoldenCopy(NeuroformerFolders.Own("waves")).Tensors("inputs", data =>
        {
            if (data.Name == "id") BitConverter.TryWriteBytes(data.Bytes.AsSpan(8), 10L);
            return data;
        });
        Assert.Contains("10 rows", Assert.Throws<ModelFormatException>(copy.Verify).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("neurons", "vocab.id.neurons")]
    [InlineData("n_embd", "n_embd")]
    [InlineData("n_head", "n_head")]
    [InlineData("id", "pos_emb")]
    [InlineData("state", "layers.state")]
    [InlineData("mlp_only", "mlp_only")]
    [InlineData("topk_id", "sparse.topk_id")]
    [InlineData("clip_loss", "clip_loss")]
    public void A_configuration_that_contradicts_the_weights_or_is_of_another_network_is_refused(string key, string expected)
    {
        using var copy = new GoldenCopy(NeuroformerFolders.Own("strides")).Config(root =>
        {
            var config = root["config"]!;
            if (key == "neurons") root["vocab"]!["id"]!["neurons"] = 12;
            else if (key == "n_embd") config["n_embd"] = 24;
            else if (key == "n_head") config["n_head"] = 4;
            else if (key == "id") config["block_size"]!["id"] = 11;
            else if (key == "state") config["layers"]!["state"] = 2;
            else if (key == "mlp_only") config["mlp_only"] = true;
            else if (key == "topk_id") config["sparse"]!["topk_id"] = 5;
            else config["contrastive"]!["clip_loss"] = true;
        });
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(copy.Verify).Message, StringComparison.Ordinal);
    }

    private void Agrees(string folder)
    {
        // Every stage that the folder has, in one precision or both.
        using var references = SafetensorsFile.Read(Path.Combine(folder, "outputs.safetensors"));
        var due = references.Tensors.Keys.Select(name => name.StartsWith("f64.", StringComparison.Ordinal) ? name[4..] : name).Distinct().Order(StringComparer.Ordinal);
        var cases = Verifier.Run(folder);
        Show(cases);
        Assert.Equal(KernelSet.Supported.Select(kernels => $"neuroformer plain, {kernels.Name}"), cases.Select(result => result.Name));
        Assert.All(cases, result => Assert.Equal(due, result.Stages.Select(stage => stage.Name).Order(StringComparer.Ordinal)));
        Assert.All(cases.SelectMany(result => result.Stages), stage => Assert.True(stage.Pass, stage.ToString()));
    }

    private void Show(IReadOnlyList<VerifyCase> cases)
    {
        foreach (var result in cases)
            foreach (var stage in result.Stages) output.WriteLine($"{result.Name}: {stage.Name} {stage.MaxAbsDiff:E2}");
    }
}
