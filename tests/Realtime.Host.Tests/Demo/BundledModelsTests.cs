using Realtime.Acquisition.Simulation;
using Realtime.Host.Demo;
using Realtime.Host.Training;
using Realtime.Models.Training.Transformers;

namespace Realtime.Host.Tests.Demo;

/// <summary>The weights that lie beside the program are what docs/bundled-models.md says.</summary>
public sealed class BundledModelsTests
{
    private const int LargestBytes = 3_000_000;

    public static TheoryData<string> Kinds => [.. BundledModels.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_bundled_model_is_small_and_was_trained_by_its_recipe_on_the_eight_simulated_animals(string kind)
    {
        Assert.InRange(new FileInfo(BundledModels.PathOf(kind)).Length, 1, LargestBytes);
        using var model = BundledModels.Read(kind);
        Assert.Equal(kind, model.Config.Kind);
        Assert.Equal(["cos_head_direction", "sin_head_direction"], model.Config.Outputs.Select(output => output.Name));
        var training = model.Config.Training;
        Assert.Equal(Enumerable.Range(101, 8).Select(seed => $"simulated-head-direction-40u-seed{seed}"), training.Sessions);
        var recipe = TrainingPresets.ReadWindows($"demo_{kind}");
        Assert.Equal(TrainingRecipeJson.Write(recipe).ToJsonString(), TrainingRecipeJson.Write(TrainingRecipeJson.Read(training.Recipe!, model.Name)).ToJsonString());
    }

    [Fact]
    public void They_suit_simulated_sessions_of_their_kind_alone()
    {
        Assert.Equal(["head-direction"], SimulationKindNames.All.Where(kind => BundledModels.Suit(null, kind)));
        Assert.False(BundledModels.Suit("my-session", "head-direction"));
    }
}
