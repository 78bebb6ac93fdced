using Realtime.Acquisition.Recordings;
using Realtime.Acquisition.Simulation;

namespace Realtime.Tests.Simulation;

/// <summary>Simulated neurons that drive each other.</summary>
public sealed class CoupledSimulatorTests
{
    [Fact]
    public void Equal_options_give_equal_sessions_and_the_folder_gives_the_couplings_back()
    {
        var options = new CoupledOptions { Units = 8, Minutes = 0.5, Seed = 3 };
        var (first, second) = (CoupledSimulator.Simulate(options), CoupledSimulator.Simulate(options));
        Assert.Equal(first.Session.SpikeSamples, second.Session.SpikeSamples);
        Assert.Equal(first.Session.SpikeUnits, second.Session.SpikeUnits);
        Assert.NotEqual(first.Session.SpikeSamples, CoupledSimulator.Simulate(options with { Seed = 4 }).Session.SpikeSamples);
        Assert.Equal(8 * 3, first.Couplings.Count);
        Assert.DoesNotContain(first.Couplings, coupling => coupling.Source == coupling.Target);
        var folder = Path.Combine(Path.GetTempPath(), $"coupled-{Guid.NewGuid():N}");
        try
        {
            first.Write(folder);
            Assert.Equal(first.Couplings, CouplingTruth.Read(folder));
            Assert.Equal(first.Session.SpikeSamples, SessionReader.Read(folder).SpikeSamples);
            File.WriteAllText(Path.Combine(folder, SessionFiles.Truth), "{\"couplings\": [{\"source\": \"a\"}]}");
            Assert.Throws<InvalidDataException>(() => CouplingTruth.Read(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Rates_come_near_the_one_asked_for_and_spikes_are_in_order()
    {
        var session = CoupledSimulator.Simulate(new CoupledOptions { Units = 12, Minutes = 5, Seed = 1 }).Session;
        foreach (var rate in session.SpikeUnits.CountBy(unit => unit).Select(count => count.Value / session.DurationSeconds)) Assert.InRange(rate, 4, 11);
        for (var i = 1; i < session.SpikeSamples.Length; i++)
            Assert.True((session.SpikeSamples[i - 1], session.SpikeUnits[i - 1]).CompareTo((session.SpikeSamples[i], session.SpikeUnits[i])) < 0);
    }

    [Fact]
    public void A_source_changes_its_targets_rate_at_the_lag_and_not_before()
    {
        var simulated = CoupledSimulator.Simulate(new CoupledOptions { Units = 8, Minutes = 10, Seed = 2, Inputs = 1 });
        foreach (var coupling in simulated.Couplings)
        {
            var (source, target) = (Times(coupling.Source), Times(coupling.Target));
            var (effect, before) = (Rate(source, target, coupling.LagMs, coupling.LagMs + 10), Rate(source, target, -100, -50));
            var ratio = effect / before;
            Assert.True(coupling.Weight > 0 ? ratio > 2 : ratio < 0.6, $"{coupling}: {effect:F1} Hz at the lag, {before:F1} Hz before");
        }

        double[] Times(int unit) => [.. Enumerable.Range(0, simulated.Session.SpikeUnits.Length).Where(spike => simulated.Session.SpikeUnits[spike] == unit)
            .Select(spike => simulated.Session.SpikeSamples[spike] / 30.0)];

        static double Rate(double[] sources, double[] targets, double fromMs, double toMs) =>
            sources.Sum(time => First(targets, time + toMs) - First(targets, time + fromMs)) * 1000.0 / (toMs - fromMs) / sources.Length;

        static int First(double[] sorted, double at)
        {
            var found = Array.BinarySearch(sorted, at);
            return found < 0 ? ~found : found;
        }
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CoupledSimulator.Simulate(new CoupledOptions { Units = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => CoupledSimulator.Simulate(new CoupledOptions { Units = 4, Inputs = 4 }));
    }
}
