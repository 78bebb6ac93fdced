using Realtime.Models.Differentiation;
using Realtime.Models.Optimization;

namespace Realtime.Models.Tests.Optimization;

/// <summary>AdamW against numbers of PyTorch 1.13.</summary>
public sealed class AdamWTests
{
    // torch.optim.AdamW(betas=(BETA1, 0.99), eps=1e-3, weight_decay=0.1).
    private static readonly double[][] PyTorch =
    [
        [0.24975, -0.4995, 0.4895199601, -1.238754998, 1.988006662, 0.7392898406],
        [0.2492505, -0.498501, 0.4983140476, -1.228570599, 1.97535335, 0.7291747387],
        [0.2485027485, -0.497005497, 0.4917681728, -1.238988054, 1.962158586, 0.7197603972],
        [0.248005743, -0.496011486, 0.4874026183, -1.245954515, 1.965353228, 0.7050838413],
        [0.2477577373, -0.4955154745, 0.4831492833, -1.250965823, 1.967014481, 0.7076761761],
    ];

    private static readonly AdamWOptions Options = new() { Beta2 = 0.99, Epsilon = 1e-3, WeightDecay = 0.1 };

    [Fact]
    public void A_dense_tensor_moves_as_in_PyTorch()
    {
        var parameters = TableSteps.Table(ParameterKind.Dense);
        TableSteps.AssertEqual(PyTorch, TableSteps.Run(parameters, new AdamW(parameters, Options)));
    }

    [Fact]
    public void A_row_table_whose_absent_rows_are_stepped_moves_as_in_PyTorch_but_for_its_padding()
    {
        var parameters = TableSteps.Table(ParameterKind.RowTable);
        var tables = TableSteps.Run(parameters, new AdamW(parameters, Options with { AbsentRows = AbsentRows.Step }));
        TableSteps.AssertEqual(PyTorch, tables, firstNumber: 2);
        Assert.All(tables, table => Assert.Equal(TableSteps.Start[..2], table[..2]));
    }

    [Fact]
    public void Absent_rows_stay_and_go_on_with_their_moments_when_they_come_back()
    {
        var parameters = TableSteps.Table(ParameterKind.RowTable);
        var tables = TableSteps.Run(parameters, new AdamW(parameters, Options));
        Assert.Equal(tables[0][4..], tables[1][4..]);
        Assert.Equal(tables[0][4..], tables[2][4..]);
        Assert.Equal(tables[2][2..4], tables[3][2..4]);

        // Row 2's second gradient comes in the fourth step: m and v by hand from its first and second alone.
        var m = 0.85 * (0.1 * 1.5) + 0.15 * -2;
        var v = 0.99 * (0.01 * 1.5 * 1.5) + 0.01 * 4;
        var moved = tables[2][4] * (1 - 0.02 * 0.1) - 0.02 / (1 - Math.Pow(0.85, 4)) * m / (Math.Sqrt(v) / Math.Sqrt(1 - Math.Pow(0.99, 4)) + 1e-3);
        Assert.Equal(moved, tables[3][4], 1e-6);
    }

    [Fact]
    public void A_saved_and_restored_optimizer_goes_on_to_the_bit() =>
        OptimizerState.GoesOn(parameters => new AdamW(parameters, Options));

    [Fact]
    public void Frozen_parameters_stay_and_start_from_nothing_when_thawed() =>
        OptimizerState.FrozenStay(parameters => new AdamW(parameters, Options));
}
