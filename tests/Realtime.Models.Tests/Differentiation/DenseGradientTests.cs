using Realtime.Models.Differentiation;
using Realtime.Models.Tests.Kernels;

namespace Realtime.Models.Tests.Differentiation;

public sealed class DenseGradientTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Linear_maps_of_many_shapes(string set)
    {
        foreach (var (rows, inputs, outputs, hasBias) in new[]
        {
            (1, 1, 1, true), (3, 5, 2, true), (7, 19, 13, false), (8, 16, 32, true), (9, 33, 70, true), (130, 64, 130, false), (300, 7, 65, true), (600, 40, 9, true),
        })
        {
            var check = new GradientCheck(rows + inputs);
            var (x, weight) = (check.Normal("x", rows, inputs), check.Normal("weight", outputs, inputs));
            var bias = hasBias ? check.Vector("bias", outputs) : null;
            check.Run(
                set,
                tape => tape.Linear(GradientCheck.All(tape, x), weight, bias),
                p => DoubleOperations.Linear(p[0], inputs, p[1], hasBias ? p[2] : null));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void One_weight_and_one_input_used_twice(string set)
    {
        var check = new GradientCheck(3);
        var (x, weight) = (check.Normal("x", 5, 11), check.Normal("weight", 11, 11, 0.3));
        check.Run(
            set,
            tape =>
            {
                var rows = GradientCheck.All(tape, x);
                var once = tape.Linear(rows, weight, null);
                return tape.Add(tape.Add(rows, once), tape.Add(tape.Linear(once, weight, null), once));
            },
            p =>
            {
                var once = DoubleOperations.Linear(p[0], 11, p[1], null);
                var sum = DoubleOperations.Add(DoubleOperations.Add(p[0], once), once);
                return DoubleOperations.Add(sum, DoubleOperations.Linear(once, 11, p[1], null));
            });
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Sums_with_oneself(string set)
    {
        var check = new GradientCheck(4);
        var x = check.Normal("x", 3, 21);
        check.Run(
            set,
            tape =>
            {
                var rows = GradientCheck.All(tape, x);
                return tape.Add(rows, rows);
            },
            p => DoubleOperations.Add(p[0], p[0]));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Layer_normalisation_of_many_widths(string set)
    {
        foreach (var (rows, width, deviation, mean) in new[] { (1, 2, 1.0, 0.0), (6, 17, 1, 0), (5, 16, 3, 5), (4, 128, 0.1, -2), (3, 70, 0.01, 0), (280, 9, 1, 1) })
        {
            var check = new GradientCheck(width);
            var (x, gain, bias) = (check.Normal("x", rows, width, deviation, mean), check.Vector("gain", width, 0.3, 1), check.Vector("bias", width));
            check.Run(set, tape => tape.LayerNorm(GradientCheck.All(tape, x), gain, bias), p => DoubleOperations.LayerNorm(p[0], p[1], p[2]));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Gated_gelu_of_many_widths(string set)
    {
        foreach (var (rows, half, deviation) in new[] { (1, 1, 1.0), (3, 11, 1), (5, 16, 3), (4, 33, 8), (2, 64, 0.1) })
        {
            var check = new GradientCheck(half);
            var x = check.Normal("x", rows, 2 * half, deviation);
            check.Run(set, tape => tape.Geglu(GradientCheck.All(tape, x)), p => DoubleOperations.Geglu(p[0], half));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Activations_of_many_widths(string set)
    {
        foreach (var (rows, width, deviation) in new[] { (1, 1, 1.0), (3, 11, 1), (5, 16, 3), (4, 33, 8), (2, 64, 0.1) })
        {
            var check = new GradientCheck(width);
            var x = check.Normal("x", rows, width, deviation);
            check.Run(
                set,
                tape =>
                {
                    // One input of several, so that gradients are put and added.
                    var own = GradientCheck.All(tape, x);
                    return tape.Add(tape.Add(tape.Gelu(own), tape.Softsign(own, 3)), tape.Relu(own));
                },
                p => Array.ConvertAll(p[0], value => DoubleReference.Gelu(value) + 3 * value / (1 + Math.Abs(value)) + Math.Max(value, 0)));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Means_of_groups_of_rows(string set)
    {
        foreach (var (groups, groupRows, width) in new[] { (1, 1, 1), (3, 4, 17), (2, 300, 5), (5, 1, 40) })
        {
            var check = new GradientCheck(width);
            var x = check.Normal("x", groups * groupRows, width);
            check.Run(
                set,
                tape =>
                {
                    var own = GradientCheck.All(tape, x);
                    return tape.Add(tape.MeanRows(own, groupRows), tape.MeanRows(own, groupRows));
                },
                p => [.. p[0].Chunk(groupRows * width).SelectMany(group => Enumerable.Range(0, width).Select(i => 2 * Enumerable.Range(0, groupRows).Average(row => group[row * width + i])))]);
        }
    }

    /// <summary>Where an error is beyond 1, Huber's slope is exactly 1, so that the gate's gradient is the slope of GELU alone.</summary>
    [Theory]
    [MemberData(nameof(Sets))]
    public void The_slope_of_gelu_is_accurate(string set)
    {
        const int Half = 1 << 16;
        var x = new Parameter("x", ParameterKind.Dense, new float[2 * Half], 1, 2 * Half);
        x.Value[..Half].Fill(1);
        for (var i = 0; i < Half; i++) x.Value[Half + i] = (i - Half / 2) * (24f / Half);
        (x.Value[Half], x.Value[Half + 1], x.Value[^1]) = (-1e6f, -3e38f, 1e6f);
        var parameters = new ParameterSet([x], []);
        var gradients = new GradientSet(parameters);
        var tape = new Tape(new PackedParameters(parameters, KernelSets.Named(set)), gradients);
        tape.Begin(true, 0);
        var y = tape.Geglu(GradientCheck.All(tape, x));
        tape.Loss(y, [.. y.Value.ToArray().Select(value => value - Math.Max(5, Math.Abs(value)))], [Half], LossKind.Huber, 1);
        tape.Backward();
        for (var i = 0; i < Half; i++)
        {
            double gate = x.Value[Half + i];
            var share = gate < 0 ? DoubleReference.Erfc(-gate / Math.Sqrt(2)) / 2 : 1 - DoubleReference.Erfc(gate / Math.Sqrt(2)) / 2;
            var density = Math.Exp(-gate * gate / 2) / Math.Sqrt(2 * Math.PI);
            Samples.AssertWithin(share + (density == 0 ? 0 : gate * density), gradients[0][Half + i], 3e-7, $"{set}: slope at {gate:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void An_input_that_already_has_a_gradient_is_added_to(string set)
    {
        var check = new GradientCheck(5);
        var (x, gain, bias) = (check.Normal("x", 6, 10), check.Vector("gain", 10), check.Vector("bias", 10));
        check.Run(
            set,
            tape =>
            {
                var rows = GradientCheck.All(tape, x);
                var doubled = tape.Add(tape.LayerNorm(rows, gain, bias), tape.LayerNorm(rows, gain, bias));
                return tape.Add(tape.Geglu(doubled), tape.Geglu(doubled));
            },
            p =>
            {
                var y = DoubleOperations.LayerNorm(p[0], p[1], p[2]);
                var gated = DoubleOperations.Geglu(DoubleOperations.Add(y, y), 5);
                return DoubleOperations.Add(gated, gated);
            });
    }
}
