using System.Globalization;
using Realtime.Acquisition.Simulation;

namespace Realtime.Interop.Tests.Simulation;

public sealed class SimulatorPeerTests : IDisposable
{
    // Solving ten ridge systems of 400 features takes seconds; a busy machine multiplies that.
    private const int TimeoutMs = 300_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("simulated é ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NeedsPythonFact("numpy")]
    public void A_linear_decoder_finds_the_head_direction_but_not_perfectly()
    {
        for (ulong seed = 1; seed <= 2; seed++)
        {
            var scores = Ridge(SimulationKind.HeadDirection, seed, "cos_head_direction,sin_head_direction");
            Assert.All(scores, score => Assert.InRange(score, 0.6, 0.9));
        }
    }

    [NeedsPythonFact("numpy")]
    public void A_linear_decoder_finds_the_hand_but_not_perfectly()
    {
        var scores = Ridge(SimulationKind.Reach, 1, "hand_x,hand_y,hand_vx,hand_vy");
        Assert.InRange(scores.Average(), 0.5, 0.9);
        Assert.All(scores, score => Assert.InRange(score, 0.4, 0.95));
    }

    [NeedsPythonFact("numpy", "scipy")]
    public void Spike_statistics_agree_with_numpy_and_scipy()
    {
        foreach (var kind in Enum.GetValues<SimulationKind>())
        {
            var simulated = Write(kind, 5, 20, 2);
            var ours = SpikeStatistics.PerUnit(simulated.Session, 0.14, 1);
            using var peer = PythonPeer.Start("Simulation/statistics.py", "each", FolderOf(kind, 5), "0.14", "1");
            foreach (var unit in ours)
            {
                var theirs = Numbers(peer.ReadLine(TimeoutMs));
                var (brief, wide) = (unit.ShortFano, unit.LongFano);
                double[] values = [unit.Spikes, unit.RateHz, unit.Cv, unit.Lv, unit.ShortIsiShare, unit.BurstIndex, brief, wide];
                Assert.Equal(theirs.Length, values.Length);
                for (var i = 0; i < values.Length; i++) AssertClose(theirs[i], values[i], $"{kind}, value {i}");
            }

            Assert.Equal(0, peer.WaitForExit());
        }
    }

    private static void AssertClose(double expected, double actual, string what) =>
        Assert.True(double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= 1e-9 * Math.Max(1, Math.Abs(expected)),
            $"{what}: {actual} here, {expected} there");

    private static double[] Numbers(string line) =>
        line.Split(' ').Select(text => text == "nan" ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture)).ToArray();

    private double[] Ridge(SimulationKind kind, ulong seed, string columns)
    {
        Write(kind, seed, 40, 5);
        using var peer = PythonPeer.Start("Simulation/ridge.py", FolderOf(kind, seed), columns);
        var scores = Numbers(peer.ReadLine(TimeoutMs));
        Assert.Equal(0, peer.WaitForExit());
        return scores;
    }

    private SimulatedSession Write(SimulationKind kind, ulong seed, int units, double minutes)
    {
        var simulated = SessionSimulator.Simulate(new SimulationOptions { Kind = kind, Seed = seed, Units = units, Minutes = minutes });
        simulated.Write(FolderOf(kind, seed));
        return simulated;
    }

    private string FolderOf(SimulationKind kind, ulong seed) => Path.Combine(_folder, $"{kind}-{seed}");
}
