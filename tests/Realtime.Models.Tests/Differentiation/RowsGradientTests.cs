using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Tests.Kernels;

namespace Realtime.Models.Tests.Differentiation;

public sealed class RowsGradientTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Rows_may_come_in_any_order_and_often(string set)
    {
        foreach (var width in new[] { 1, 7, 16, 37 })
        {
            var check = new GradientCheck(width);
            var (table, other) = (check.Normal("table", 6, width), check.Normal("other", 4, width));
            int[] rows = [2, 5, 2, 0, 2, 1, 0, 5, 3], others = [1, 0, 1, 1, 3, 0, 0, 1, 1], again = [8, 8, 0, 3, 3, 3];
            check.Run(
                set,
                tape => tape.Rows(tape.Add(tape.Rows(table, rows), tape.Rows(other, others)), again),
                p => DoubleOperations.Rows(DoubleOperations.Add(DoubleOperations.Rows(p[0], width, rows), DoubleOperations.Rows(p[1], width, others)), width, again));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Rows_are_picked_from_several_parts(string set)
    {
        var check = new GradientCheck(2);
        var (a, b) = (check.Normal("a", 4, 21), check.Normal("b", 3, 21));
        int[] from = [1, 0, 2, 1, 3, 0, 2, 0], rows = [2, 3, 3, 0, 1, 3, 0, 1];
        check.Run(
            set,
            tape =>
            {
                // One part twice, and one that does not learn.
                var (first, constant) = (GradientCheck.All(tape, a), tape.Constant(2, 21));
                constant.Value.Fill(0.5f);
                return tape.Gather([first, GradientCheck.All(tape, b), first, constant], from, rows);
            },
            p => [.. from.Zip(rows).SelectMany(place => place.First == 3 ? Enumerable.Repeat(0.5, 21) : p[place.First % 2].Skip(place.Second * 21).Take(21))]);
    }

    [Fact]
    public void Parts_and_rows_that_are_not_there_are_refused()
    {
        var table = new Parameter("table", ParameterKind.Dense, new float[6], 2, 3);
        var parameters = new ParameterSet([table], []);
        var tape = new Tape(new PackedParameters(parameters, KernelSets.Named("portable")), new GradientSet(parameters));
        tape.Begin(false, 0);
        var part = GradientCheck.All(tape, table);
        Assert.Throws<ArgumentException>(() => tape.Gather([], [], []));
        Assert.Throws<ArgumentException>(() => tape.Gather([part], [0], [2]));
        Assert.Throws<ArgumentException>(() => tape.Gather([part], [1], [0]));
        Assert.Throws<ArgumentException>(() => tape.Gather([part], [0, 0], [0]));
        Assert.Throws<ArgumentException>(() => tape.Gather([part, tape.Constant(1, 2)], [0], [0]));
        Assert.Throws<ArgumentException>(() => tape.MeanRows(part, 3));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Heads_turn_by_the_angle_of_any_row_and_back(string set)
    {
        var random = new Random(8);
        foreach (var (pairs, headDim, heads, column, back) in new[] { (1, 2, 1, 0, false), (3, 8, 2, 3, true), (8, 16, 3, 0, false), (16, 64, 2, 5, false), (9, 18, 1, 1, true), (0, 4, 2, 0, false) })
        {
            var table = Turns(random, 4, pairs);
            int[] rows = [3, 0, 3, 2, 1, 1];
            var check = new GradientCheck(pairs);
            var width = column + heads * headDim + 2;
            var x = check.Normal("x", rows.Length, width);
            check.Run(
                set,
                tape =>
                {
                    var turned = GradientCheck.All(tape, x);
                    tape.Rotate(turned, column, heads, headDim, table, rows, back);
                    return turned;
                },
                p => DoubleOperations.Rotate(p[0], width, column, heads, headDim, table, rows, back));
        }
    }

    [Fact]
    public void Row_0_of_a_table_of_rows_never_learns()
    {
        foreach (var kernels in KernelSet.Supported)
        {
            foreach (var kind in new[] { ParameterKind.RowTable, ParameterKind.Dense })
            {
                var table = new Parameter("table", kind, Samples.Normal(new Random(1), 4 * 5), 4, 5);
                var parameters = new ParameterSet([table], []);
                var gradients = new GradientSet(parameters);
                var tape = new Tape(new PackedParameters(parameters, kernels), gradients);
                tape.Begin(true, 1);
                var result = tape.Rows(table, [0, 2, 0, 1]);
                tape.Loss(result, new float[20], [1, 1, 1, 1], LossKind.Squared, 1);
                tape.Backward();
                Assert.Equal(kind == ParameterKind.RowTable, gradients[0][..5].ToArray().All(value => value == 0));
                Assert.All(gradients[0][5..15].ToArray(), value => Assert.NotEqual(0, value));
                Assert.All(gradients[0][15..].ToArray(), value => Assert.Equal(0, value));
            }
        }
    }

    internal static RotaryTable Turns(Random random, int rows, int pairs)
    {
        var table = new RotaryTable(rows, pairs);
        for (var i = 0; i < rows * pairs; i++)
        {
            var angle = 7 * random.NextDouble();
            table.Cos[2 * i] = table.Cos[2 * i + 1] = (float)Math.Cos(angle);
            table.Sin[2 * i + 1] = (float)Math.Sin(angle);
            table.Sin[2 * i] = -table.Sin[2 * i + 1];
        }

        return table;
    }
}
