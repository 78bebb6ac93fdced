using Realtime.Models.Differentiation;
using Realtime.Models.Optimization;
using Realtime.Models.Tests.Kernels;

namespace Realtime.Models.Tests.Optimization;

/// <summary>LAMB against numbers of upstream's SparseLamb, and against its formula in double.</summary>
public sealed class LambTests
{
    // SparseLamb(betas=(BETA1, 0.99), eps=1e-3, weight_decay=0.1, sparse=True) of torch_brain 0512ee0.
    private static readonly double[][] Sparse =
    [
        [0.25, -0.5, 0.4878603048, -1.236804286, 1.985940073, 0.7377878914],
        [0.25, -0.5, 0.5241007055, -1.20163233, 1.985940073, 0.7377878914],
        [0.25, -0.5, 0.4939221195, -1.270905804, 1.985940073, 0.7377878914],
        [0.25, -0.5, 0.4939221195, -1.270905804, 2.018817847, 0.6981771453],
        [0.25, -0.5, 0.478854614, -1.283391064, 2.03364894, 0.706539677],
    ];

    // The same with sparse=False.
    private static readonly double[][] Dense =
    [
        [0.2497054593, -0.4994109187, 0.4878603048, -1.236804286, 1.985940073, 0.7377878914],
        [0.2490205377, -0.4980410754, 0.5126877016, -1.212708854, 1.957216499, 0.7132375455],
        [0.2479382542, -0.4958765084, 0.4898664062, -1.265159746, 1.919057378, 0.6814445938],
        [0.2473441178, -0.4946882357, 0.4789931776, -1.289315564, 1.934931879, 0.6419154921],
        [0.2469166175, -0.4938332351, 0.4661908458, -1.307049099, 1.943146107, 0.6513284002],
    ];

    private static readonly LambOptions Options = new() { Beta2 = 0.99, Epsilon = 1e-3, WeightDecay = 0.1 };

    [Fact]
    public void A_row_table_moves_as_in_SparseLamb_if_absent_rows_forget()
    {
        var parameters = TableSteps.Table(ParameterKind.RowTable);
        TableSteps.AssertEqual(Sparse, TableSteps.Run(parameters, new Lamb(parameters, Options with { AbsentRows = AbsentRows.ResetMoments })));
    }

    [Fact]
    public void A_dense_tensor_moves_as_in_SparseLamb()
    {
        var parameters = TableSteps.Table(ParameterKind.Dense);
        TableSteps.AssertEqual(Dense, TableSteps.Run(parameters, new Lamb(parameters, Options)));
    }

    [Fact]
    public void Absent_rows_stay_and_keep_their_moments()
    {
        var parameters = TableSteps.Table(ParameterKind.RowTable);
        var lamb = new Lamb(parameters, Options);
        var tables = TableSteps.Run(parameters, lamb);
        Assert.All(tables, table => Assert.Equal(TableSteps.Start[..2], table[..2]));
        Assert.Equal(tables[0][4..], tables[2][4..]);
        Assert.Equal(tables[2][2..4], tables[3][2..4]);
        Assert.NotEqual((float)Sparse[3][4], tables[3][4], 1e-4f);

        // First moment of row 2, column 0: gradients of steps 1, 4 and 5 alone.
        var state = OptimizerState.Reader(lamb.Save());
        Assert.Equal(0.9 * (0.85 * (0.1 * 1.5) + 0.15 * -2) + 0.1 * 0.25, state.Floats("optimizer.first.table", 3, 2)[4], 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1003)]
    public void Many_numbers_and_large_weights_follow_the_formula(int length)
    {
        var random = new Random(length);
        var start = Samples.Normal(random, length, 3);
        var parameters = new ParameterSet([new Parameter("w", ParameterKind.Dense, start, length)], []);
        var gradients = new GradientSet(parameters);
        var lamb = new Lamb(parameters);
        var w = Array.ConvertAll(start, value => (double)value);
        var (m, v) = (new double[length], new double[length]);
        for (var step = 0; step < 4; step++)
        {
            var g = Samples.Normal(random, length);
            g.CopyTo(gradients[0]);
            lamb.Step(gradients, 0.01, 0.9);
            for (var i = 0; i < length; i++) (m[i], v[i]) = (0.9 * m[i] + 0.1 * g[i], 0.999 * v[i] + 0.001 * g[i] * g[i]);
            var d = w.Select((x, i) => m[i] / (Math.Sqrt(v[i]) + 1e-6) + 1e-4 * x).ToArray();
            var trust = Math.Min(10, Math.Sqrt(w.Sum(x => x * x))) / Math.Sqrt(d.Sum(x => x * x));
            for (var i = 0; i < length; i++) w[i] -= 0.01 * trust * d[i];
        }

        for (var i = 0; i < length; i++) Samples.AssertWithin(w[i], parameters[0].Value[i], 1e-5, $"number {i}");
    }

    [Fact]
    public void A_tensor_of_zeros_moves_by_the_learning_rate()
    {
        var parameters = new ParameterSet([new Parameter("w", ParameterKind.Dense, new float[3], 3)], []);
        var gradients = new GradientSet(parameters);
        new float[] { 1, 0, -1 }.CopyTo(gradients[0]);
        new Lamb(parameters).Step(gradients, 0.01, 0.9);

        // m / (√v + ε) at the first step of a gradient of 1.
        var size = 0.01 * 0.1 / (Math.Sqrt(0.001) + 1e-6);
        Assert.Equal(-size, parameters[0].Value[0], 1e-6);
        Assert.Equal(0, parameters[0].Value[1]);
        Assert.Equal(size, parameters[0].Value[2], 1e-6);
    }

    [Fact]
    public void A_saved_and_restored_optimizer_goes_on_to_the_bit() => OptimizerState.GoesOn(parameters => new Lamb(parameters, Options));

    [Fact]
    public void Frozen_parameters_stay_and_start_from_nothing_when_thawed() => OptimizerState.FrozenStay(parameters => new Lamb(parameters, Options));
}
