using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Tests.Kernels;
using Realtime.Models.Tests.Possm;
using Realtime.Models.Tests.Poyo;
using Realtime.Models.Training;
using Realtime.Models.Training.Windows;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Training.Networks;

/// <summary>The gradient of the whole loss, against PyTorch's and against differences of the loss.</summary>
public sealed class NetworkGradientTests(ITestOutputHelper output)
{
    // Of each tensor's largest gradient; PyTorch's own float32 run is off by 6e-5 (POYO) and 2e-5 (POSSM).
    private const double Tolerance = 1e-4;

    public static TheoryData<string, string> Goldens
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kernels in KernelSet.Supported)
                foreach (var model in new[] { "poyo_tiny", "possm_tiny" }) data.Add(model, kernels.Name);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Every_gradient_is_PyTorchs(string model, string kernelName)
    {
        var golden = new TrainingGolden(model);
        var kernels = KernelSet.Supported.Single(set => set.Name == kernelName);
        var run = new NetworkRun(golden.Network(), kernels);
        var loss = run.Loss(golden.Windows);
        using var expected = golden.Read("gradients");
        var parameters = run.Network.Parameters;
        Assert.Equal(golden.ParameterNames.Order(), Enumerable.Range(0, parameters.Count).Select(i => parameters[i].Name).Order());
        Assert.Equal(1, loss / expected.Doubles("loss")[0], 1e-5);
        double worst = 0;
        for (var i = 0; i < parameters.Count; i++)
        {
            var due = expected.Doubles($"grad.{parameters[i].Name}");
            var gradient = run.Gradients[i];
            Assert.Equal(due.Length, gradient.Length);
            var largest = due.Max(Math.Abs);
            var off = 0.0;
            for (var j = 0; j < due.Length; j++) off = Math.Max(off, Math.Abs(due[j] - gradient[j]));
            if (off > worst * largest) output.WriteLine($"{parameters[i].Name}: {off / largest:E1} of {largest:E1}");
            worst = Math.Max(worst, off / largest);
            Assert.True(off <= Tolerance * largest, $"{parameters[i].Name}: off by {off:E2}, largest {largest:E2}");
        }

        Assert.Equal(1, run.Gradients.Clip(double.PositiveInfinity) / expected.Doubles("grad_norm")[0], 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Poyos_gradient_is_the_difference_of_losses_with_dropout_too(int seed)
    {
        var random = new Random(seed);
        var config = new PoyoConfig
        {
            SequenceLength = 0.5,
            LatentStep = 0.125,
            NumLatentsPerStep = 2,
            Dim = 12 + 4 * seed,
            Depth = seed,
            DimHead = 8,
            CrossHeads = 2,
            SelfHeads = 3,
        };
        var network = new PoyoTrainable(RandomPoyo.Weights(config, random), Dropout);
        Check(network, RandomWindows.Batch(random, config.SequenceLength, outputs: 2), random);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Possms_gradient_is_the_difference_of_losses_with_dropout_too(int seed)
    {
        var random = new Random(seed);
        var config = RandomPossm.Config(random) with { Depth = seed % 2, NumRnnLayers = seed, NumLatents = 4 - seed, OutputCaCtxLim = seed + 1 };
        var network = new PossmTrainable(RandomTrainable.Possm(config, random), Dropout);
        Check(network, RandomWindows.Batch(random, 0.3, RandomTrainable.Outputs), random);
    }

    [Fact]
    public void Padding_absent_units_and_what_is_frozen_have_no_gradient()
    {
        var config = RandomPossm.Config(new Random(4));
        var network = Possm();

        // The second window is empty: all its tokens are blanks, which read row 0. Row 7 is of no window.
        var windows = RandomWindows.Batch(new Random(5), 0.3, RandomTrainable.Outputs);
        var run = new NetworkRun(network);
        run.Loss(windows);
        var units = run.Gradients[network.Parameters.IndexOf(network.Parameters["unit_emb.weight"])].ToArray();
        Assert.All(units[..config.Dim], gradient => Assert.Equal(0, gradient));
        Assert.Contains(units[config.Dim..], gradient => gradient != 0);
        Assert.All(units.AsSpan(7 * config.Dim, config.Dim).ToArray(), gradient => Assert.Equal(0, gradient));

        string[] frozen = ["enc_atn.to_kv.weight", "latent_emb.weight", "backbone.net.weight_hh_l0", "dec_ffn.1.net.0.bias", "task_emb.weight", "session_emb.weight"];
        var other = Possm();
        foreach (var name in frozen) other.Parameters[name].IsFrozen = true;
        var partly = new NetworkRun(other);
        partly.Loss(windows);
        for (var i = 0; i < network.Parameters.Count; i++)
        {
            Assert.Equal(!frozen.Contains(network.Parameters[i].Name), partly.Gradients.Has(i));
            if (partly.Gradients.Has(i)) Samples.AssertSameBits(run.Gradients[i], partly.Gradients[i], network.Parameters[i].Name);
        }

        PossmTrainable Possm() => new(RandomTrainable.Possm(config, new Random(4)));
    }

    private static DropoutRates Dropout => new() { Ffn = 0.2, Lin = 0.4, Atn = 0.2, Rnn = 0.2, State = 0.1 };

    /// <summary>In each parameter the number of the largest gradient and one drawn: the loss's slope by differences at two distances, extrapolated to 0.</summary>
    private void Check(ITrainableNetwork network, TrainingWindow[] windows, Random random)
    {
        const ulong seed = 77;
        var run = new NetworkRun(network);

        // NB: not the absolute loss: where an error changes its sign between two points, its difference is no slope.
        foreach (var loss in new[] { LossKind.Squared, LossKind.Huber })
        {
            run.Loss(windows, withGradient: true, seed, loss);
            Assert.NotEqual(run.Loss(windows, withGradient: false, loss: loss), run.Loss(windows, withGradient: false, seed, loss));
            double worst = 0;
            for (var i = 0; i < network.Parameters.Count; i++)
            {
                var parameter = network.Parameters[i];
                var gradient = run.Gradients[i].ToArray();
                var largest = gradient.Max(Math.Abs);
                var first = parameter.Kind == ParameterKind.RowTable ? parameter.Width : 0;
                foreach (var at in new[] { Array.FindIndex(gradient, g => Math.Abs(g) == largest), random.Next(first, gradient.Length) })
                {
                    var slope = (4 * Slope(parameter, at, 0.01) - Slope(parameter, at, 0.02)) / 3;
                    var off = Math.Abs(slope - gradient[at]) / (largest + 1e-2);
                    if (off > worst) output.WriteLine($"{loss}, {parameter.Name}[{at}]: {gradient[at]:g5}, by difference {slope:g5}");
                    worst = Math.Max(worst, off);
                    Assert.True(off < 5e-3, $"{loss}, {parameter.Name}[{at}]: {gradient[at]:g5}, by difference {slope:g5}, largest {largest:g5}");
                }
            }

            double Slope(Parameter parameter, int at, double distance)
            {
                var value = parameter.Value[at];
                parameter.Value[at] = (float)(value + distance);
                var step = (double)parameter.Value[at];
                run.Packed.Refresh();
                var above = run.Loss(windows, withGradient: false, seed, loss);
                parameter.Value[at] = (float)(value - distance);
                step -= parameter.Value[at];
                run.Packed.Refresh();
                var below = run.Loss(windows, withGradient: false, seed, loss);
                parameter.Value[at] = value;
                run.Packed.Refresh();
                return (above - below) / step;
            }
        }
    }
}
