using System.Text.Json.Nodes;
using Realtime.Models.Neuroformer;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Training;

namespace Realtime.Models.Tests.Neuroformer.Training;

/// <summary>Recipes as JSON, and what they refuse.</summary>
public sealed class NeuroformerRecipeTests
{
    [Fact]
    public void A_recipe_goes_to_JSON_and_back()
    {
        var recipe = new NeuroformerRecipe
        {
            Phase = NeuroformerPhase.FineTune,
            Model = new NeuroformerShape { NEmbd = 48, NHead = 4, ContrastiveVars = ["id", "eos"] },
            Loss = new NeuroformerLossWeights { Id = 0 },
            LabelShare = 0.05,
            Outputs = ["cos_head_direction"],
            Dropout = new NeuroformerDropout { Attn = 0.1 },
            FreezeEpochs = 2,
        };
        var json = recipe.ToJson();
        Assert.Equal("fine_tune", (string?)json["phase"]);
        Assert.Equal(json.ToJsonString(), NeuroformerRecipe.Of(json).ToJson().ToJsonString());
        NeuroformerRecipe.Of(json).Check();
    }

    [Fact]
    public void Missing_keys_have_defaults_and_unknown_ones_are_named()
    {
        Assert.Equal(0.01, NeuroformerRecipe.Of(JsonNode.Parse("{\"label_share\": 0.01}")!.AsObject()).LabelShare);
        var error = Assert.Throws<TrainingException>(() => NeuroformerRecipe.Of(JsonNode.Parse("{\"lerning_rate\": 1}")!.AsObject()));
        Assert.Contains("lerning_rate", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"label_share\": 0}", "label_share")]
    [InlineData("{\"label_lag\": 0.013}", "label_lag")]
    [InlineData("{\"model\": {\"n_embd\": 30, \"n_head\": 4}}", "n_embd")]
    [InlineData("{\"model\": {\"window_prev\": 0.155}}", "window_prev")]
    [InlineData("{\"model\": {\"contrastive_vars\": [\"frames\"]}}", "contrastive_vars")]
    [InlineData("{\"model\": {\"contrastive_vars\": [\"id\", \"behavior.x\"]}}", "contrastive_vars")]
    [InlineData("{\"model\": {\"contrastive_vars\": [\"id\"]}}", "contrastive_vars")]
    [InlineData("{\"model\": {\"frames\": {\"kernel\": [4, 5, 5]}}}", "frames.kernel")]
    [InlineData("{\"model\": {\"frames\": {\"stride\": [1, 5]}}}", "frames.stride")]
    [InlineData("{\"model\": {\"frames\": {\"window\": 0}}}", "frames.window")]
    [InlineData("{\"model\": {\"frames\": {\"scale\": 0}}}", "frames.scale")]
    [InlineData("{\"model\": {\"frames\": {\"look_ahead\": 3}}}", "frames.look_ahead")]
    [InlineData("{\"inputs\": [\"x\", \"x\"]}", "inputs")]
    [InlineData("{\"inputs\": [\"x\"], \"outputs\": [\"x\"]}", "inputs")]
    [InlineData("{\"phase\": \"pretrain\", \"loss\": {\"id\": 0, \"dt\": 0, \"contrastive\": 0}}", "loss")]
    [InlineData("{\"freeze_epochs\": 99}", "freeze_epochs")]
    public void What_cannot_be_is_refused_by_name(string json, string key) =>
        Assert.Contains(key, Assert.Throws<TrainingException>(() => NeuroformerRecipe.Of(JsonNode.Parse(json)!.AsObject()).Check()).Message, StringComparison.Ordinal);
}
