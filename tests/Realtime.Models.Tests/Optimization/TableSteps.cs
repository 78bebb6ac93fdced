using Realtime.Models.Differentiation;
using Realtime.Models.Optimization;

namespace Realtime.Models.Tests.Optimization;

/// <summary>
/// Five steps of a table of three rows: row 0 never has a gradient, row 1 none in the fourth step, row 2 none in the second and third. What came
/// of it in PyTorch 1.13 in double stands in the tests.
/// </summary>
internal static class TableSteps
{
    public static readonly float[] Start = [0.25f, -0.5f, 0.5f, -1.25f, 2, 0.75f];

    public static readonly float[][] Gradients =
    [
        [0, 0, 0.5f, -2, 1.5f, 0.25f],
        [0, 0, -1, 0.125f, 0, 0],
        [0, 0, 0.75f, 3, 0, 0],
        [0, 0, 0, 0, -2, 1],
        [0, 0, 0.5f, 0.5f, 0.25f, -4],
    ];

    public static readonly double[] Rates = [0.01, 0.02, 0.03, 0.02, 0.01];

    public static readonly double[] Beta1 = [0.9, 0.85, 0.8, 0.85, 0.9];

    public static ParameterSet Table(ParameterKind kind) => new([new Parameter("table", kind, Start, 3, 2)], []);

    /// <summary>Takes some of the steps.</summary>
    /// <returns>The table after each.</returns>
    public static List<float[]> Run(ParameterSet parameters, IOptimizer optimizer, int first = 0, int end = 5)
    {
        var gradients = new GradientSet(parameters);
        var tables = new List<float[]>();
        for (var step = first; step < end; step++)
        {
            Gradients[step].CopyTo(gradients[0]);
            optimizer.Step(gradients, Rates[step], Beta1[step]);
            tables.Add(parameters[0].Value.ToArray());
        }

        return tables;
    }

    public static void AssertEqual(double[][] expected, List<float[]> tables, int firstNumber = 0)
    {
        Assert.Equal(expected.Length, tables.Count);
        for (var step = 0; step < tables.Count; step++)
            for (var i = firstNumber; i < Start.Length; i++)
                Assert.True(Math.Abs(expected[step][i] - tables[step][i]) < 5e-7, $"step {step}, number {i}: {tables[step][i]:R} instead of {expected[step][i]:R}");
    }
}
