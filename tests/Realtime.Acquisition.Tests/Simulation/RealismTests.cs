using Realtime.Acquisition.Recordings;
using Realtime.Acquisition.Simulation;

namespace Realtime.Tests.Simulation;

/// <summary>
/// The medians over simulated units lie within the quartiles over recorded units, for the statistics that the recording's time resolution
/// allows. docs/simulator.md has the table.
/// </summary>
public class RealismTests
{
    // Fewer spikes than this give no steady interval statistics.
    private const int MinSpikes = 50;

    [NeedsSharedFact]
    public void Head_direction_units_fire_like_those_of_the_mouse()
    {
        // 10 ms counts: statistics of short intervals are not real there.
        Compare(SimulationKind.HeadDirection, 0.1, 1, ["hd_adn_mouse"],
            Statistic.Rate, Statistic.Cv, Statistic.ShortFano, Statistic.LongFano);
    }

    [NeedsSharedFact]
    public void Reach_units_fire_like_those_of_the_macaque()
    {
        // 70 ms counts: only rates and counts over whole bins are real there.
        Compare(SimulationKind.Reach, 0.14, 0.98, ["m1_reach_42u"], Statistic.Rate, Statistic.ShortFano, Statistic.LongFano);
    }

    [NeedsSharedFact]
    public void Place_units_fire_like_those_of_the_rat()
    {
        Compare(SimulationKind.Place, 0.1, 1, ["ca1_linear_track", "ca1_wmaze_run1"], Statistic.Rate, Statistic.Cv, Statistic.Lv,
            Statistic.ShortIsiShare, Statistic.BurstIndex, Statistic.ShortFano, Statistic.LongFano);
    }

    private enum Statistic
    {
        Rate,
        Cv,
        Lv,
        ShortIsiShare,
        BurstIndex,
        ShortFano,
        LongFano,
    }

    private static void Compare(SimulationKind kind, double shortWindow, double longWindow, string[] recordings,
        params Statistic[] statistics)
    {
        var real = Array.ConvertAll(recordings, name =>
            SpikeStatistics.PerUnit(SessionReader.Read(Path.Combine(RepositoryFiles.Shared!, "data", name)), shortWindow, longWindow));
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var options = new SimulationOptions { Kind = kind, Units = 80, Minutes = 10, Seed = seed };
            var simulated = SpikeStatistics.PerUnit(SessionSimulator.Simulate(options).Session, shortWindow, longWindow);
            foreach (var statistic in statistics)
            {
                var median = Quantile(simulated, statistic, 0.5);
                var low = real.Min(units => Quantile(units, statistic, 0.25));
                var high = real.Max(units => Quantile(units, statistic, 0.75));
                Assert.True(median >= low && median <= high,
                    $"{kind}, seed {seed}: median {statistic} {median}, recorded quartiles {low} to {high}");
            }
        }
    }

    private static double Quantile(SpikeStatistics[] units, Statistic statistic, double share)
    {
        var values = units.Where(unit => statistic == Statistic.Rate || unit.Spikes >= MinSpikes).Select(unit => statistic switch
        {
            Statistic.Rate => unit.RateHz,
            Statistic.Cv => unit.Cv,
            Statistic.Lv => unit.Lv,
            Statistic.ShortIsiShare => unit.ShortIsiShare,
            Statistic.BurstIndex => unit.BurstIndex,
            Statistic.ShortFano => unit.ShortFano,
            _ => unit.LongFano,
        }).Order().ToArray();
        var at = share * (values.Length - 1);
        var below = (int)at;
        return values[below] + (at - below) * (values[Math.Min(below + 1, values.Length - 1)] - values[below]);
    }
}
