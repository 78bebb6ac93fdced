using Realtime.Host.Configuration;
using Realtime.Host.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;
using Realtime.Tests;

namespace Realtime.Host.Tests.Training;

/// <summary>Recipe files, those that come with the program, and the page about them.</summary>
public sealed class TrainingRecipeFileTests
{
    public static TheoryData<string> Presets => [.. TrainingPresets.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public void A_recipe_of_the_program_is_sound_says_what_it_is_and_comes_back_from_its_JSON(string name)
    {
        var recipe = TrainingPresets.Read(name.ToUpperInvariant());
        Assert.Contains(recipe.Kind, name.Split('_'));
        Assert.StartsWith(recipe.Kind.ToUpperInvariant(), TrainingPresets.Description(name), StringComparison.Ordinal);
        var json = recipe.ToJson().ToJsonString();
        Assert.Equal(json, RecipeFile.Parse(json, "recipe.json").ToJson().ToJsonString());
    }

    [Fact]
    public void Every_key_arrives()
    {
        var recipe = TrainingRecipeFile.Parse("""
            kind: poyo
            model: { latent_step: 0.1, num_latents_per_step: 3, dim: 24, depth: 2, dim_head: 12, cross_heads: 1, self_heads: 3, t_min: 0.001, t_max: 3 }
            window_s: 0.6
            target_ms: 30
            outputs: [x, "y"]
            filter: speed > 5
            outside_weight: 0.25
            query_step_ms: 60
            burn_in_s: 0.1
            respect_segments: false
            one_per_interval: true
            batch_windows: 7
            epochs: 9
            windows_per_epoch: 99
            optimizer: adamw
            learning_rate: 3e-3
            weight_decay: 0.02
            beta2: 0.98
            schedule: { warm_up: 0.3, div_factor: 5, final_div_factor: 50, cycle_beta1: true }
            clip_norm: 2
            loss: huber
            dropout: { ffn: 0.1, lin: 0.2, atn: 0.3, rnn: 0.4, latent: 0.15, state: 0.5 }
            unit_dropout: { min: 3, mode: 5, max: 8, upstream: false }
            spike_dropout: 0.05
            time_jitter_ms: 4
            aligned: true
            recency_s: 77
            time_reversal: 0.35
            donor_share: 0.45
            donor_neighbours: 8
            mirror_share: 0.55
            average_weights: 0.9
            patience: 6
            evaluate_every: 2
            seed: 11
            refit_with_valid: true
            """, "recipe.yaml");

        // Built by hand: a key that is bound to another's value shows.
        var expected = """{"kind":"poyo","target_ms":30,"outputs":["x","y"],"filter":"speed > 5","outside_weight":0.25,"query_step_ms":60,"burn_in_s":0.1,"respect_segments":false,"one_per_interval":true,"batch_windows":7,"epochs":9,"windows_per_epoch":99,"optimizer":"adamw","learning_rate":0.003,"weight_decay":0.02,"beta2":0.98,"schedule":{"warm_up":0.3,"div_factor":5,"final_div_factor":50,"cycle_beta1":true},"clip_norm":2,"loss":"huber","dropout":{"ffn":0.1,"lin":0.2,"atn":0.3,"rnn":0.4,"latent":0.15,"state":0.5},"unit_dropout":{"min":3,"mode":5,"max":8,"upstream":false},"unit_dropout_share":0,"spike_dropout":0.05,"time_jitter_ms":4,"aligned":true,"recency_s":77,"time_reversal":0.35,"donor_share":0.45,"donor_neighbours":8,"mirror_share":0.55,"average_weights":0.9,"patience":6,"evaluate_every":2,"seed":11,"refit_with_valid":true,"model":{"sequence_length":0.6,"latent_step":0.1,"num_latents_per_step":3,"dim":24,"depth":2,"dim_head":12,"cross_heads":1,"self_heads":3,"t_min":0.001,"t_max":3}}""";
        var json = TrainingRecipeJson.Write(recipe).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.Equal(expected, json);
        Assert.Equal(new UnitDropout { Min = 3, Mode = 5, Max = 8, Upstream = false }, recipe.UnitDropout);
    }

    [Theory]
    [InlineData("kind: possm\nlerning_rate: 1", "recipe.yaml:2:1: lerning_rate:", "'learning_rate'")]
    [InlineData("kind: possm\nmodel: { latent_step: 1 }", "recipe.yaml:2:10: model.latent_step:", "there is no such key")]
    [InlineData("kind: possm\nffn: 0.1", "recipe.yaml:2:1: ffn:", "key of dropout")]
    [InlineData("kind: poso", "recipe.yaml:1:7: kind:", "'poyo'")]
    [InlineData("model: { dim: 3 }", "recipe.yaml:1:1: kind:", "missing")]
    [InlineData("kind: possm\nmodel: { dim_head: 18 }", "recipe.yaml:2:8: model:", "multiple of 4")]
    [InlineData("kind: possm\nmodel:\n  bin_width: 0.1\n  bin_step: 0.05", "recipe.yaml:4:13: model.bin_step:", "must equal bin_width")]
    [InlineData("kind: possm\nwindow_s: 2\nmodel: { sequence_length: 1 }", "recipe.yaml:2:11: window_s:", "model.sequence_length")]
    [InlineData("kind: possm\noutputs: x", "recipe.yaml:2:10: outputs:", "list")]
    [InlineData("kind: possm\noutputs: []", "recipe.yaml:2:10: outputs:", "from 1 to 64")]
    [InlineData("kind: possm\nunit_dropout: { min: 3 }", "recipe.yaml:2:15: unit_dropout.mode:", "belong together")]
    [InlineData("kind: possm\nunit_dropout: { min: 3, mode: 2, max: 5 }", "recipe.yaml", "unit_dropout")]
    [InlineData("kind: possm\nepochs: 1.5", "recipe.yaml:2:9: epochs:", "whole number")]
    [InlineData("kind: possm\nburn_in_s: 1", "recipe.yaml", "burn_in_s")]
    [InlineData("kind: possm\nlearning_rate: .nan", "recipe.yaml:2:16: learning_rate:", "number")]
    [InlineData("[1, 2]", "recipe.yaml:1:1:", "no recipe")]
    [InlineData("", "recipe.yaml", "possm_tiny")]
    public void What_is_wrong_is_told_with_its_place(string text, string place, string hint)
    {
        var problem = Assert.Throws<UserErrorException>(() => TrainingRecipeFile.Parse(text, "recipe.yaml"));
        Assert.Contains(place, problem.Message);
        Assert.Contains(hint, problem.Message);
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
    }

    [Theory]
    [InlineData("possm_tny", "'possm_tiny'")]
    [InlineData("poyo_1.3", "'poyo_1.3M'")]
    [InlineData("none.yaml", "there is no such file")]
    public void A_recipe_that_is_not_there_is_told_with_the_nearest(string name, string hint) =>
        Assert.Contains(hint, Assert.Throws<UserErrorException>(() => TrainingPresets.Read(name)).Message);

    [Theory]
    [InlineData("kind: mtm\nlerning_rate: 1", "recipe.yaml:2:1: lerning_rate:", "'learning_rate'")]
    [InlineData("kind: mtm\nmodel: { hiden_size: 1 }", "recipe.yaml:2:10: model.hiden_size:", "'hidden_size'")]
    [InlineData("kind: mtm\nepochs: 1.5", "recipe.yaml:2:9: epochs:", "whole number")]
    [InlineData("kind: mtm\nprompt_shares: 1", "recipe.yaml:2:16: prompt_shares:", "list")]
    [InlineData("kind: mtm\nprompt_shares: [a, 1, 1, 1]", "recipe.yaml:2:17: prompt_shares[0]:", "number")]
    [InlineData("kind: mtm\noptimizer: adam", "recipe.yaml:2:12: optimizer:", "'adamw'")]
    [InlineData("kind: mtm\nepochs: 0", "recipe.yaml", "epochs")]
    [InlineData("kind: neuroformer\nphase: pretrian", "recipe.yaml:2:8: phase:", "'pretrain'")]
    [InlineData("kind: neuroformer\nseed: 1\nseed: 2", "recipe.yaml:3:1: seed:", "twice")]
    [InlineData("kind: neurofomer", "recipe.yaml:1:7: kind:", "'neuroformer'")]
    public void What_is_wrong_in_a_recipe_of_the_other_kinds_is_told_with_its_place(string text, string place, string hint)
    {
        var problem = Assert.Throws<UserErrorException>(() => RecipeFile.Parse(text, "recipe.yaml"));
        Assert.Contains(place, problem.Message);
        Assert.Contains(hint, problem.Message);
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
    }

    [Fact]
    public void The_page_shows_the_key_tables()
    {
        const string mark = "<!-- made from the key table -->\n";
        var path = Path.Combine(RepositoryFiles.Root, "docs", "training.md");
        var page = File.ReadAllText(path);
        var poyo = ConfigReference.Markdown(TrainingRecipeKeys.Root("poyo").Find("model")!.Section!).Replace("`model`", "`model` of poyo");
        var possm = ConfigReference.Markdown(TrainingRecipeKeys.Root("possm")).Replace("### `model`", "### `model` of possm");
        var expected = page[..(page.IndexOf(mark, StringComparison.Ordinal) + mark.Length)] + "\n" + possm + poyo.TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("RTDECODE_UPDATE_FILES") == "1") File.WriteAllText(path, expected);
        else Assert.Equal(expected, page);
    }
}
