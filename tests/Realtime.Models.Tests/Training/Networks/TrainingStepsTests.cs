using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Optimization;
using Realtime.Models.Poyo;
using Realtime.Models.Tests.Kernels;
using Realtime.Models.Tests.Optimization;
using Realtime.Models.Tests.Poyo;
using Realtime.Models.Training;
using Realtime.Models.Training.Windows;
using Realtime.Models.Weights;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Training.Networks;

/// <summary>Ten training steps against PyTorch's from the same start, with its clipping and schedule.</summary>
public sealed class TrainingStepsTests(ITestOutputHelper output)
{
    private const int Steps = 10;
    private const double LargestNorm = 100;

    // A float32 run of PyTorch is off by 2e-5 at worst, and by 1e-6 in 999 of 1000 numbers.
    private const double Tolerance = 5e-5;
    private const double MostTolerance = 2e-6;

    public static TheoryData<string, string, string> Goldens
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var kernels in KernelSet.Supported)
                foreach (var model in new[] { "poyo_tiny", "possm_tiny" })
                    foreach (var kind in new[] { "lamb", "adamw" }) data.Add(model, kind, kernels.Name);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Ten_steps_are_PyTorchs(string model, string kind, string kernelName)
    {
        var golden = new TrainingGolden(model);
        using var expected = golden.Read($"steps_{kind}");
        var start = Weights(golden.Network().Parameters);
        var run = Train(golden, kind, kernelName, cyclesBeta1: kind == "lamb", (step, parameters, loss, norm) =>
        {
            Assert.Equal(1, loss / expected.Doubles("loss")[step - 1], 5e-4);
            Assert.Equal(1, norm / expected.Doubles("grad_norm")[step - 1], 5e-4);
            if (!expected.Tensors.ContainsKey($"step{step}.change_norms")) return;
            var apart = Apart(expected, step, parameters).Order().ToArray();
            output.WriteLine($"step {step}: {apart[^1]:E1} at worst, {apart[apart.Length * 999 / 1000]:E1} in 999 of 1000");
            Assert.True(apart[^1] <= Tolerance && apart[apart.Length * 999 / 1000] <= MostTolerance);
            CheckChanges(golden, expected.Doubles($"step{step}.change_norms"), start, parameters);
        });

        // The other way with β₁, for which there are norms alone.
        var other = kind == "lamb" ? "fixed_beta1" : "cycled_beta1";
        var otherRun = Train(golden, kind, kernelName, cyclesBeta1: kind != "lamb", (step, _, loss, _) => Assert.Equal(1, loss / expected.Doubles($"{other}.loss")[step - 1], 5e-4));
        CheckChanges(golden, expected.Doubles($"{other}.step{Steps}.change_norms"), start, otherRun);
        Assert.NotEqual(Weights(run), Weights(otherRun));
    }

    [Theory]
    [InlineData("lamb")]
    [InlineData("adamw")]
    public void Padding_and_absent_units_stay_to_the_bit(string kind)
    {
        var golden = new TrainingGolden("possm_tiny");
        var network = golden.Network();
        var units = network.Parameters["unit_emb.weight"];
        units.Value[..units.Width].Fill(0.125f);
        var run = new NetworkRun(network);
        IOptimizer optimizer = kind == "lamb" ? new Lamb(network.Parameters) : new AdamW(network.Parameters);
        for (var step = 0; step < Steps; step++)
        {
            var window = golden.Windows[step % 3];
            var before = units.Value.ToArray();
            run.Loss([window]);
            optimizer.Step(run.Gradients, 1e-3, 0.9);
            run.Packed.Refresh();
            for (var row = 0; row < units.Rows; row++)
            {
                var same = before.AsSpan(row * units.Width, units.Width).SequenceEqual(units.Value.Slice(row * units.Width, units.Width));
                Assert.Equal(!window.SpikeUnits.Any(unit => window.UnitRows[unit] == row), same);
            }
        }

        Assert.All(units.Value[..units.Width].ToArray(), value => Assert.Equal(0.125f, value));
    }

    [Fact]
    public void A_restored_optimizer_and_weights_go_on_to_the_bit()
    {
        var golden = new TrainingGolden("poyo_tiny");
        var whole = golden.Network();
        var optimizer = new Lamb(whole.Parameters);
        Take(whole, optimizer, 0, 6);

        var first = golden.Network();
        var broken = new Lamb(first.Parameters);
        Take(first, broken, 0, 3);
        var restored = PoyoTrainable.Of(first.Parameters.ToTensors(), new PoyoGolden(PoyoFolders.Tiny).Weights.Config);
        var state = new Lamb(restored.Parameters);
        state.Restore(OptimizerState.Reader(broken.Save()));
        Take(restored, state, 3, 6);
        for (var i = 0; i < whole.Parameters.Count; i++) Samples.AssertSameBits(whole.Parameters[i].Value, restored.Parameters[i].Value, whole.Parameters[i].Name);

        void Take(ITrainableNetwork network, Lamb lamb, int from, int end)
        {
            var run = new NetworkRun(network);
            for (var step = from; step < end; step++)
            {
                run.Loss([golden.Windows[step % 3]]);
                lamb.Step(run.Gradients, 1e-3, 0.9);
                run.Packed.Refresh();
            }
        }
    }

    /// <summary>Ten steps of one window each.</summary>
    private static ParameterSet Train(TrainingGolden golden, string kind, string kernelName, bool cyclesBeta1, Action<int, ParameterSet, double, double> afterStep)
    {
        var run = new NetworkRun(golden.Network(), KernelSet.Supported.Single(set => set.Name == kernelName));
        var parameters = run.Network.Parameters;

        // As upstream and PyTorch do with rows that a step lacks.
        IOptimizer optimizer = kind == "lamb"
            ? new Lamb(parameters, new LambOptions { AbsentRows = AbsentRows.ResetMoments })
            : new AdamW(parameters, new AdamWOptions { AbsentRows = AbsentRows.Step });
        var schedule = new OneCycleSchedule { Peak = kind == "lamb" ? 4e-3 : 1e-3, Steps = Steps, CyclesBeta1 = cyclesBeta1 };
        for (var step = 0; step < Steps; step++)
        {
            TrainingWindow[] batch = [golden.Windows[step % 3]];
            var loss = run.Loss(batch);
            var norm = run.Gradients.Clip(LargestNorm);
            optimizer.Step(run.Gradients, schedule.LearningRate(step), schedule.Beta1(step));
            run.Packed.Refresh();
            afterStep(step + 1, parameters, loss, norm);
        }

        return parameters;
    }

    /// <summary>How far each number that is stored is off.</summary>
    private static List<double> Apart(SafetensorsFile expected, int step, ParameterSet parameters)
    {
        var apart = new List<double>();
        for (var i = 0; i < parameters.Count; i++)
        {
            var name = $"step{step}.{parameters[i].Name}";
            var every = expected.Tensors.ContainsKey(name) ? 1 : 13;
            var due = expected.Doubles(every == 1 ? name : $"{name}.every13");
            Assert.Equal((parameters[i].Value.Length + every - 1) / every, due.Length);
            for (var j = 0; j < due.Length; j++) apart.Add(Math.Abs(due[j] - parameters[i].Value[j * every]));
        }

        return apart;
    }

    /// <summary>How far each tensor has come from its start.</summary>
    private static void CheckChanges(TrainingGolden golden, double[] due, Dictionary<string, float[]> start, ParameterSet parameters)
    {
        foreach (var (index, name) in golden.ParameterNames.Index())
        {
            double sum = 0;
            for (var i = 0; i < start[name].Length; i++) sum += Math.Pow(parameters[name].Value[i] - (double)start[name][i], 2);
            Assert.True(Math.Abs(Math.Sqrt(sum) - due[index]) <= 2e-3 * due[index] + 1e-7, $"{name} has come {Math.Sqrt(sum):g6} from its start; {due[index]:g6} is due");
        }
    }

    private static Dictionary<string, float[]> Weights(ParameterSet parameters) =>
        Enumerable.Range(0, parameters.Count).ToDictionary(i => parameters[i].Name, i => parameters[i].Value.ToArray(), StringComparer.Ordinal);
}
