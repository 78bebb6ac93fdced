using Realtime.Models.Optimization;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests.Optimization;

/// <summary>The schedule against torch.optim.lr_scheduler.OneCycleLR.</summary>
public sealed class OneCycleScheduleTests
{
    // OneCycleLR(max_lr=0.02, total_steps=13, pct_start=0.3, div_factor=25, final_div_factor=100), PyTorch 1.13.
    private static readonly double[] Rates =
    [
        0.0008, 0.00590327896928, 0.0157873958275, 0.0199940437889, 0.0192878473763, 0.0174861134387, 0.0148014550297, 0.0115506744306, 0.00811737899585, 0.00490671368652,
        0.00229755206475, 0.000597787436998, 8e-06,
    ];

    private static readonly double[] Beta1 =
    [
        0.95, 0.923420422035, 0.871940646732, 0.850029792972, 0.853562187994, 0.862574462591, 0.876003126102, 0.89226353326, 0.909436879773, 0.92549663022, 0.93854765874,
        0.947049882768, 0.95,
    ];

    [Fact]
    public void A_warm_up_follows_PyTorch()
    {
        var schedule = new OneCycleSchedule { Peak = 0.02, Steps = 13, WarmUp = 0.3, DivFactor = 25, FinalDivFactor = 100, CyclesBeta1 = true };
        for (var step = 0; step < 13; step++)
        {
            Assert.Equal(Rates[step], schedule.LearningRate(step), 1e-12);
            Assert.Equal(Beta1[step], schedule.Beta1(step), 1e-11);
        }

        Assert.Equal(8e-6, schedule.LearningRate(1000), 1e-15);
        Assert.Equal(0.9, (schedule with { CyclesBeta1 = false }).Beta1(5));
    }

    [Theory]
    [InlineData("lamb", 0.004, true)]
    [InlineData("adamw", 0.001, false)]
    public void The_schedule_of_the_training_references_is_met(string kind, double peak, bool cycles)
    {
        using var file = SafetensorsFile.Read(Path.Combine(
            RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens", "training", "poyo_tiny", $"steps_{kind}.safetensors"));
        var schedule = new OneCycleSchedule { Peak = peak, Steps = 10, CyclesBeta1 = cycles };
        Assert.Equal(file.Doubles("lr"), Enumerable.Range(0, 10).Select(step => schedule.LearningRate(step)), Close);
        Assert.Equal(file.Doubles("beta1"), Enumerable.Range(0, 10).Select(step => schedule.Beta1(step)), Close);

        static bool Close(double a, double b) => Math.Abs(a - b) <= 1e-12 * Math.Abs(a);
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.5)]
    [InlineData(5, 0)]
    [InlineData(5, 1)]
    [InlineData(3, 0.01)]
    public void Short_cycles_stay_within_their_bounds(long steps, double warmUp)
    {
        var schedule = new OneCycleSchedule { Peak = 1, Steps = steps, WarmUp = warmUp, DivFactor = 10, CyclesBeta1 = true };
        for (var step = 0L; step < steps; step++)
        {
            Assert.InRange(schedule.LearningRate(step), 1e-5 * (1 - 1e-9), 1 + 1e-12);
            Assert.InRange(schedule.Beta1(step), 0.85 - 1e-12, 0.95 + 1e-12);
        }
    }
}
