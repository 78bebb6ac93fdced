using Realtime.Acquisition.Simulation;

namespace Realtime.Tests.Simulation;

public class SimulationOptionsTests
{
    public static TheoryData<string, SimulationOptions> Wrong => new()
    {
        { "Units", new SimulationOptions { Units = 0 } },
        { "Units", new SimulationOptions { Units = 10_001 } },
        { "Minutes", new SimulationOptions { Minutes = 0.01 } },
        { "Minutes", new SimulationOptions { Minutes = double.NaN } },
        { "Minutes", new SimulationOptions { Minutes = 600, Units = 10_000 } },
        { "Kind", new SimulationOptions { Kind = (SimulationKind)9 } },
        { "SilentShare", new SimulationOptions { SilentShare = -0.1 } },
        { "DuplicateShare", new SimulationOptions { DuplicateShare = 0.6 } },
        { "MultiUnitShare", new SimulationOptions { MultiUnitShare = 0.95, SilentShare = 0.1 } },
        { "SharedNoise", new SimulationOptions { SharedNoise = 3 } },
        { "Burstiness", new SimulationOptions { Burstiness = -1 } },
        { "RateDrift", new SimulationOptions { RateDrift = double.NaN } },
        { "TuningDrift", new SimulationOptions { TuningDrift = 4 } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void An_option_outside_its_range_is_refused_by_name(string name, SimulationOptions options)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => SessionSimulator.Simulate(options));
        Assert.Equal(name, error.ParamName);
        Assert.Contains($"{name} must be", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_go_by_the_names_of_the_command_line()
    {
        foreach (var kind in Enum.GetValues<SimulationKind>())
        {
            Assert.True(SimulationKindNames.TryParse(SimulationKindNames.Of(kind).ToUpperInvariant(), out var parsed));
            Assert.Equal(kind, parsed);
        }

        Assert.False(SimulationKindNames.TryParse("headdirection", out _));
    }

    [Theory]
    [InlineData(1, 0.1, 0, 0)]
    [InlineData(2, 1.0, 0, 0)]
    [InlineData(3, 0, 0.5, 1.0)]
    [InlineData(5, 0, 0.5, 0)]
    public void Extreme_shares_still_give_every_unit(int units, double silent, double duplicates, double multi)
    {
        var options = new SimulationOptions
        {
            Units = units,
            Minutes = 0.1,
            SilentShare = silent,
            DuplicateShare = multi >= 1 ? 0 : duplicates,
            MultiUnitShare = multi,
        };
        Assert.Equal(units, SessionSimulator.Simulate(options).Units.Count);
    }
}
