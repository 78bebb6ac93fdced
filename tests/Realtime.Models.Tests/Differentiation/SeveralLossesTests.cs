using Realtime.Models.Differentiation;
using Realtime.Models.Tests.Kernels;

namespace Realtime.Models.Tests.Differentiation;

/// <summary>Losses of classes, counts and pairs: sums of several of them against central differences in double, and what they refuse.</summary>
public sealed class SeveralLossesTests
{
    private const double Step = 1e-5;

    [Fact]
    public void Losses_of_one_result_add_up()
    {
        const int Rows = 5, Width = 7;
        var random = new Random(12);
        var (x, y) = (Samples.Normal(random, Rows * Width), Samples.Normal(random, Rows * Width));
        int[] classes = [3, -1, 0, 6, 3];
        var counts = Enumerable.Range(0, Rows * Width).Select(_ => (float)random.Next(4)).ToArray();
        var mask = Enumerable.Range(0, Rows * Width).Select(_ => (float)random.Next(2)).ToArray();
        var weights = Samples.Normal(random, Rows, 0.2, 1);

        // What is not scored may be NaN.
        for (var i = 0; i < counts.Length; i++)
            if (mask[i] == 0) counts[i] = float.NaN;
        Parameter[] all = [new("x", ParameterKind.Dense, x, Rows, Width), new("y", ParameterKind.Dense, y, Rows, Width)];
        var parameters = new ParameterSet(all, []);
        var gradients = new GradientSet(parameters);
        var tape = new Tape(new PackedParameters(parameters, KernelSets.Named("portable")), gradients);
        var losses = new double[2];
        for (var pass = 0; pass < 2; pass++)
        {
            gradients.Clear();
            tape.Begin(true, 0);
            var (a, b) = (GradientCheck.All(tape, all[0]), GradientCheck.All(tape, all[1]));
            losses[pass] = tape.CrossEntropyLoss(a, classes, weights, 0.3) + tape.PoissonLoss(b, counts, mask, 0.2)
                + tape.ContrastiveLoss(a, b, 0.4, 0.7) + tape.ContrastiveLoss(b, b, 0.9, 1.1) + tape.ContrastiveLoss(b, a, 1.3, 0.6);
            tape.Backward();
        }

        Assert.Equal(losses[0], losses[1]);
        double[][] values = [Array.ConvertAll(x, value => (double)value), Array.ConvertAll(y, value => (double)value)];
        double Total() => 0.3 * CrossEntropy(values[0], Width, classes, weights)
            + 0.2 * values[1].Select((z, i) => mask[i] == 0 ? 0 : Math.Exp(z) - counts[i] * z).Sum()
            + 0.7 * Contrastive(values[0], values[1], Width, 0.4) + 1.1 * Contrastive(values[1], values[1], Width, 0.9) + 0.6 * Contrastive(values[1], values[0], Width, 1.3);
        Assert.Equal(Total(), losses[0], 1e-9 * Math.Abs(losses[0]));
        for (var side = 0; side < 2; side++)
        {
            for (var i = 0; i < values[side].Length; i++)
            {
                var kept = values[side][i];
                values[side][i] = kept + Step;
                var above = Total();
                values[side][i] = kept - Step;
                var below = Total();
                values[side][i] = kept;
                Samples.AssertWithin((above - below) / (2 * Step), gradients[side][i], 2e-6, $"gradient {side} at {i}");
            }
        }
    }

    [Fact]
    public void A_row_without_direction_gets_no_gradient()
    {
        var tape = Begin([0, 0, 1, 2], out var gradients, out var x);
        var loss = tape.ContrastiveLoss(x, x, 1, 1);
        tape.Backward();
        Assert.Equal((Math.Log(2) + Math.Log(1 + Math.E) - 1) / 2, loss, 12);
        Assert.Equal([0f, 0f], gradients[0][..2].ToArray());
        Assert.All(gradients[0].ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Large_logits_do_not_overflow()
    {
        var tape = Begin([3e38f, -3e38f, 1000, 1001], out var gradients, out var x);
        Assert.Equal(Math.Log(1 + Math.E), tape.CrossEntropyLoss(x, [0, 0], [], 1), 9);
        tape.Backward();
        Assert.All(gradients[0].ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        var tape = Begin([0, 0, 1, 2], out _, out var x);
        Assert.Throws<ArgumentException>(() => tape.CrossEntropyLoss(x, [0], [], 1));
        Assert.Throws<ArgumentException>(() => tape.CrossEntropyLoss(x, [0, 2], [], 1));
        Assert.Throws<ArgumentException>(() => tape.CrossEntropyLoss(x, [0, 1], [1], 1));
        Assert.Throws<ArgumentException>(() => tape.PoissonLoss(x, new float[3], new float[4], 1));
        Assert.Throws<ArgumentException>(() => tape.PoissonLoss(x, new float[4], new float[3], 1));
        Assert.Throws<ArgumentException>(() => tape.ContrastiveLoss(x, tape.Constant(2, 3), 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tape.ContrastiveLoss(x, x, 0, 1));
    }

    private static Tape Begin(float[] values, out GradientSet gradients, out Variable x)
    {
        var table = new Parameter("x", ParameterKind.Dense, values, 2, 2);
        var parameters = new ParameterSet([table], []);
        gradients = new GradientSet(parameters);
        var tape = new Tape(new PackedParameters(parameters, KernelSets.Named("portable")), gradients);
        tape.Begin(true, 0);
        x = GradientCheck.All(tape, table);
        return tape;
    }

    private static double CrossEntropy(double[] logits, int width, int[] classes, float[] weights) =>
        logits.Chunk(width).Select((row, i) => classes[i] < 0 ? 0 : weights[i] * (Math.Log(row.Sum(Math.Exp)) - row[classes[i]])).Sum();

    private static double Contrastive(double[] a, double[] b, int width, double temperature)
    {
        double Cosine(double[] x, double[] y) => x.Zip(y, (p, q) => p * q).Sum() / Math.Sqrt(x.Sum(p => p * p) * y.Sum(q => q * q));
        var others = b.Chunk(width).ToArray();
        return a.Chunk(width).Select((row, i) =>
        {
            var scores = Array.ConvertAll(others, other => Cosine(row, other) / temperature);
            return Math.Log(scores.Sum(Math.Exp)) - scores[i];
        }).Average();
    }
}
