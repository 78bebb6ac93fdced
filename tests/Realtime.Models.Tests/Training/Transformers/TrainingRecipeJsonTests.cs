using Realtime.Models.Differentiation;
using Realtime.Models.Poyo;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Training.Transformers;

public sealed class TrainingRecipeJsonTests
{
    private static readonly TrainingRecipe Full = new()
    {
        Kind = "poyo",
        Poyo = PoyoConfig.Poyo1M with { Depth = 2, SequenceLength = 0.5 },
        Outputs = ["x", "ü y"],
        Filter = "speed > 20",
        Optimizer = OptimizerKind.Adamw,
        Loss = LossKind.Huber,
        Dropout = new DropoutRates { Ffn = 0.2, State = 0.1 },
        UnitDropout = new UnitDropout { Min = 5, Mode = 20, Max = 30, Upstream = false },
        AverageWeights = 0.99,
        Seed = 42,
    };

    [Fact]
    public void A_recipe_comes_back_as_it_was()
    {
        var json = TrainingRecipeJson.Write(Full);
        var back = TrainingRecipeJson.Read(json, "the model");
        Assert.Equal(json.ToJsonString(), TrainingRecipeJson.Write(back).ToJsonString());
        Assert.Equal(Full with { Outputs = null }, back with { Outputs = null });
        Assert.Equal(Full.Outputs, back.Outputs);
        Assert.Equal(("poyo", 0.5, 2), (back.Kind, back.WindowS, back.Poyo.Depth));
        Assert.Equal(TrainingRecipeJson.Hash(Full), TrainingRecipeJson.Hash(back));
        Assert.NotEqual(TrainingRecipeJson.Hash(Full), TrainingRecipeJson.Hash(Full with { Seed = 43 }));
        Assert.NotEqual(TrainingRecipeJson.Hash(Full), TrainingRecipeJson.Hash(Full with { Poyo = Full.Poyo with { Dim = 32 } }));
    }

    [Fact]
    public void Keys_carry_the_names_of_recipe_files()
    {
        var json = TrainingRecipeJson.Write(Full);
        Assert.Equal("huber", json["loss"]!.GetValue<string>());
        Assert.Equal(2, json["model"]!["depth"]!.GetValue<double>());
        Assert.Equal(0.2, json["dropout"]!["ffn"]!.GetValue<double>());
        Assert.Equal(1e4, json["schedule"]!["final_div_factor"]!.GetValue<double>());
        Assert.False(json.ContainsKey("poyo"));
        Assert.False(json.ContainsKey("possm"));
    }

    [Fact]
    public void An_unknown_key_is_refused()
    {
        var json = TrainingRecipeJson.Write(Full);
        json["lerning_rate"] = 1;
        Assert.Contains("lerning_rate", Assert.Throws<ModelFormatException>(() => TrainingRecipeJson.Read(json, "the model")).Message);
    }
}
