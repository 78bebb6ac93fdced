using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Realtime.Acquisition.Recordings;
using Realtime.Acquisition.Simulation;
using Realtime.Engine.Sessions;
using Realtime.Tests.Recordings;

namespace Realtime.Tests.Simulation;

public class SessionSimulatorTests
{
    public static TheoryData<SimulationKind> Kinds => [.. Enum.GetValues<SimulationKind>()];

    // A change of these digests is a change of every simulated session: say so in docs/simulator.md.
    [Theory]
    [InlineData(SimulationKind.HeadDirection, "b812410914bd3d7d")]
    [InlineData(SimulationKind.Reach, "1af91e60ae6294c7")]
    [InlineData(SimulationKind.Place, "1a5c37ca7d987358")]
    [InlineData(SimulationKind.Visual, "a92b98395ac6491d")]
    public void A_seed_gives_the_same_bits_on_every_platform(SimulationKind kind, string digest)
    {
        var session = Simulate(kind, units: 12, minutes: 0.5, seed: 42).Session;
        Assert.Equal(digest, Digest(session));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Another_seed_gives_another_session(SimulationKind kind)
    {
        var digests = Enumerable.Range(0, 4).Select(seed => Digest(Simulate(kind, 5, 0.2, (ulong)seed).Session));
        Assert.Equal(4, digests.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Spikes_lie_inside_the_session_in_order(SimulationKind kind)
    {
        var session = Simulate(kind, 40, 1, 3).Session;
        Assert.InRange(session.SpikeSamples[0], 1, session.SpikeSamples[^1]);
        Assert.InRange(session.SpikeSamples[^1], session.SpikeSamples[0], 60L * 30_000 - 1);
        for (var i = 1; i < session.SpikeSamples.Length; i++)
        {
            var before = (session.SpikeSamples[i - 1], session.SpikeUnits[i - 1]);
            Assert.True(before.CompareTo((session.SpikeSamples[i], session.SpikeUnits[i])) < 0, $"spike {i} is out of order or twice");
        }

        Assert.Equal(6000, session.BehaviourSamples.Length);
        Assert.DoesNotContain(session.BehaviourValues, value => !float.IsFinite(value));
        Assert.Equal(new TimeRange(0, 36), Assert.Single(session.Train));
        Assert.Equal(new TimeRange(36, 48), Assert.Single(session.Valid));
        Assert.Equal(new TimeRange(48, 60), Assert.Single(session.Test));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_single_neuron_keeps_its_refractory_period(SimulationKind kind)
    {
        var simulated = Simulate(kind, 40, 3, 5);
        foreach (var unit in simulated.Units.Where(unit => unit.Kind == SimulatedUnitKind.Tuned))
        {
            var train = Train(simulated.Session, unit.Row);
            var refractory = 30 * (double)unit.Parameters[0]["absolute_refractory_ms"]!;
            // One sample of rounding at each spike.
            for (var i = 1; i < train.Length; i++) Assert.True(train[i] - train[i - 1] >= refractory - 1, $"unit {unit.Row}, spike {i}");
        }
    }

    [Fact]
    public void Kinds_of_units_come_in_the_shares_asked_for()
    {
        var options = new SimulationOptions
        {
            Units = 100,
            Minutes = 3,
            SilentShare = 0.1,
            DuplicateShare = 0.2,
            MultiUnitShare = 0.3,
        };
        var simulated = SessionSimulator.Simulate(options);
        var counts = simulated.Units.CountBy(unit => unit.Kind).ToDictionary();
        Assert.Equal(10, counts[SimulatedUnitKind.Silent]);
        Assert.Equal(20, counts[SimulatedUnitKind.Duplicate]);
        Assert.Equal(30, counts[SimulatedUnitKind.Multi]);
        Assert.All(simulated.Units, unit => Assert.Equal(Train(simulated.Session, unit.Row).Length, unit.Spikes));
        Assert.All(simulated.Units.Where(unit => unit.Kind == SimulatedUnitKind.Silent), unit => Assert.InRange(unit.Spikes, 0, 8));
        foreach (var copy in simulated.Units.Where(unit => unit.Kind == SimulatedUnitKind.Duplicate)) CheckDuplicate(simulated, copy);
    }

    [Fact]
    public void Head_direction_units_fire_around_the_direction_that_truth_names()
    {
        var simulated = Simulate(SimulationKind.HeadDirection, 40, 10, 8);
        var session = simulated.Session;
        var checkedUnits = 0;
        foreach (var unit in simulated.Units.Where(unit => unit is { Kind: SimulatedUnitKind.Tuned, Spikes: > 500 }))
        {
            var (cos, sin) = (0.0, 0.0);
            foreach (var sample in Train(session, unit.Row))
            {
                var row = (int)Math.Min(sample / 300, session.BehaviourSamples.Length - 1);
                (cos, sin) = (cos + session.BehaviourValues[3 * row], sin + session.BehaviourValues[3 * row + 1]);
            }

            var tuning = unit.Parameters[0];
            var truth = (double)tuning["preferred_direction_rad"]! + (double)tuning["preferred_direction_drift_rad"]! / 2;
            var error = Math.Abs(Math.IEEERemainder(Math.Atan2(sin, cos) - truth, 2 * Math.PI));
            Assert.True(error < 0.35, $"unit {unit.Row}: {error} rad");
            checkedUnits++;
        }

        Assert.InRange(checkedUnits, 15, 40);
    }

    [Fact]
    public void Place_units_fire_most_in_their_fields()
    {
        var simulated = Simulate(SimulationKind.Place, 40, 10, 8);
        var session = simulated.Session;
        var (inField, outside) = (0.0, 0.0);
        foreach (var unit in simulated.Units.Where(unit => unit.Kind == SimulatedUnitKind.Tuned))
        {
            var field = unit.Parameters[0]["fields"]![0]!;
            var near = new bool[session.BehaviourSamples.Length];
            for (var row = 0; row < near.Length; row++)
                near[row] = Distance(session, row, (double)field["x_cm"]!, (double)field["y_cm"]!) < (double)field["sigma_cm"]!;
            var spikes = Train(session, unit.Row).Count(sample => near[Math.Min(sample / 300, near.Length - 1)]);
            var rows = near.Count(inside => inside);
            if (rows < 1000) continue;
            inField += 100.0 * spikes / rows;
            outside += 100.0 * (unit.Spikes - spikes) / (near.Length - rows);
        }

        Assert.True(inField > 6 * outside, $"{inField} Hz in the fields, {outside} Hz outside");
    }

    [Fact]
    public void Hand_velocity_is_the_slope_of_its_position()
    {
        var session = Simulate(SimulationKind.Reach, 1, 2, 4).Session;
        var values = session.BehaviourValues;
        for (var row = 1; row < session.BehaviourSamples.Length - 1; row++)
        {
            // Rows at a reach's start or end straddle a corner of the profile's acceleration.
            Assert.Equal((values[4 * (row + 1)] - values[4 * (row - 1)]) * 50, values[4 * row + 2], 3f);
            Assert.Equal((values[4 * (row + 1) + 1] - values[4 * (row - 1) + 1]) * 50, values[4 * row + 3], 3f);
        }
    }

    [Fact]
    public void Frames_show_the_bar_that_gaze_and_visual_units_follow()
    {
        var simulated = Simulate(SimulationKind.Visual, 30, 5, 4);
        var (session, frames) = (simulated.Session, simulated.Session.Frames!);
        Assert.Equal((6000, 12, 24, true), (frames.Count, frames.Shape.Height, frames.Shape.Width, frames.AreBytes));
        Assert.Equal(Enumerable.Range(0, 6000).Select(frame => 1500L * frame), frames.Samples);
        var bar = Enumerable.Range(0, frames.Count).Select(frame =>
        {
            var row = frames.Bytes.Slice(frame * 288 + 24 * 5, 24).ToArray();
            return Enumerable.Range(0, 24).Sum(column => (column + 0.5) * (row[column] - 40)) / row.Sum(pixel => pixel - 40) / 24;
        }).ToArray();

        // Gaze is the bar of 100 ms ago and something of its own.
        var gaze = Enumerable.Range(2, frames.Count - 2).Select(frame => (double)session.BehaviourValues[2 * 5 * frame]).ToArray();
        Assert.InRange(Correlation(gaze, bar[..^2]), 0.75, 0.95);
        var visual = simulated.Units.Where(unit => unit is { Kind: SimulatedUnitKind.Tuned, Spikes: > 300 } && (string?)unit.Parameters[0]["follows"] == "bar").ToArray();
        Assert.InRange(visual.Length, 5, 30);
        foreach (var unit in visual)
        {
            // Spikes come where the field is, more often than the bar does.
            var (centre, width) = ((double)unit.Parameters[0]["centre"]!, (double)unit.Parameters[0]["width"]!);
            var train = Train(session, unit.Row);
            double Near(double at) => Math.Abs(at - centre) < width ? 1 : 0;
            Assert.True(train.Average(sample => Near(bar[Math.Max(0, (sample - 1500) / 1500)])) > 1.1 * bar.Average(Near), $"unit {unit.Row}");
        }
    }

    [Fact]
    public void A_written_simulation_reads_back_with_its_truth()
    {
        using var temp = new TempFolder();
        var simulated = Simulate(SimulationKind.Visual, 10, 0.3, ulong.MaxValue);
        simulated.Write(temp.File("out"));
        SmallSession.AssertSame(simulated.Session, SessionReader.Read(temp.File("out")));
        var truth = JsonNode.Parse(File.ReadAllText(temp.File("out/truth.json")))!;
        Assert.Equal("18446744073709551615", (string?)truth["parameters"]!["seed"]);
        Assert.Equal("visual", (string?)truth["parameters"]!["kind"]);
        Assert.Equal(10, truth["units"]!.AsArray().Count);
        Assert.Throws<IOException>(() => simulated.Write(temp.File("out")));
        simulated.Write(temp.File("out"), overwrite: true);
    }

    private static SimulatedSession Simulate(SimulationKind kind, int units, double minutes, ulong seed) =>
        SessionSimulator.Simulate(new SimulationOptions { Kind = kind, Units = units, Minutes = minutes, Seed = seed });

    private static void CheckDuplicate(SimulatedSession simulated, SimulatedUnit copy)
    {
        Assert.NotEqual(SimulatedUnitKind.Duplicate, simulated.Units[copy.DuplicateOf].Kind);
        var original = Train(simulated.Session, copy.DuplicateOf);
        var train = Train(simulated.Session, copy.Row);
        var partners = train.Count(sample =>
        {
            var at = Array.BinarySearch(original, sample - 15);
            at = at < 0 ? ~at : at;
            return at < original.Length && original[at] <= sample + 15;
        });
        Assert.True(partners >= 0.999 * train.Length, $"unit {copy.Row}: {partners} of {train.Length}");
        if (original.Length > 500) Assert.InRange((double)train.Length / original.Length, 0.78, 0.92);
    }

    private static double Correlation(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var product = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        return product / Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX)) * y.Sum(b => (b - meanY) * (b - meanY)));
    }

    private static double Distance(Session session, int row, double x, double y)
    {
        var (dx, dy) = (session.BehaviourValues[3 * row] - x, session.BehaviourValues[3 * row + 1] - y);
        return Math.Sqrt(dx * dx + dy * dy);
    }

    private static long[] Train(Session session, int unit) =>
        session.SpikeSamples.Where((_, i) => session.SpikeUnits[i] == unit).ToArray();

    private static string Digest(Session session)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(session.SpikeSamples.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(session.SpikeUnits.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(session.BehaviourSamples.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(session.BehaviourValues.AsSpan()));
        if (session.Frames is { } frames)
        {
            hash.AppendData(MemoryMarshal.AsBytes(frames.Samples.AsSpan()));
            hash.AppendData(frames.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
