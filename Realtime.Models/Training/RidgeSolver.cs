using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace Realtime.Models.Training;

/// <summary>Solves (G + λ I) w = c for several outputs, by Cholesky's factor.</summary>
internal static class RidgeSolver
{
    /// <summary>A pivot this small against the diagonal is rounding error, not information.</summary>
    private const double Singular = 1e-12;

    /// <param name="gram">G, [features, features], symmetric; not changed.</param>
    /// <param name="cross">c, [features, outputs].</param>
    /// <param name="penalty">λ, from 0.</param>
    /// <returns>w, [features, outputs].</returns>
    /// <exception cref="TrainingException">The matrix is singular: some features are copies or sums of others, and the penalty does not
    /// help.</exception>
    public static Matrix<double> Solve(Matrix<double> gram, Matrix<double> cross, double penalty)
    {
        var system = gram.Clone();
        double largest = 0;
        for (var i = 0; i < system.RowCount; i++)
        {
            system[i, i] += penalty;
            largest = Math.Max(largest, system[i, i]);
        }

        try
        {
            var factor = system.Cholesky();
            for (var i = 0; i < system.RowCount; i++)
                if (factor.Factor[i, i] * factor.Factor[i, i] <= Singular * largest) throw IsSingular(penalty, null);
            return factor.Solve(cross);
        }
        catch (ArgumentException error)
        {
            throw IsSingular(penalty, error);
        }
    }

    private static TrainingException IsSingular(double penalty, Exception? inner) => new(
        $"The fit with penalty {penalty.ToString(CultureInfo.InvariantCulture)} has no unique solution: some units never fire, are " +
            "copies of others, or there are " +
        "fewer bins than units × lags. Leave that penalty out, or choose a larger one.", inner);
}
