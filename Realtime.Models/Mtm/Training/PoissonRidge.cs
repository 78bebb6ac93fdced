using System.Numerics;
using System.Numerics.Tensors;
using Realtime.Engine.Numerics;

namespace Realtime.Models.Mtm.Training;

/// <summary>Poisson regression with a ridge penalty by Newton's method, going on from one penalty to the next smaller. One thread.</summary>
/// <param name="rows">[bins, width].</param>
/// <param name="width">A whole number of vectors.</param>
internal sealed class PoissonRidge(double[] rows, int width)
{
    private const int NewtonSteps = 4;
    private const double LongestStep = 2;

    // The intercept is held a little as well, so that a silent neuron has a solution.
    private const double InterceptShare = 0.1;

    private readonly double[] _beta = new double[width];

    /// <summary>The log-rate of a bin.</summary>
    public double LogRate(int row, double offset) => Math.Clamp(offset + TensorPrimitives.Dot(rows.AsSpan(row * width, width), _beta), -25, 4);

    /// <summary>Newton steps under a penalty.</summary>
    /// <param name="counts">Of each row.</param>
    /// <param name="offsets">Log-rates that are given.</param>
    /// <param name="fitted">Rows fitted on, the first ones.</param>
    /// <param name="penalty">Above 0.</param>
    public void Step(double[] counts, double[] offsets, int fitted, double penalty)
    {
        var (gradient, hessian) = (new double[width], new double[width * width]);
        for (var step = 0; step < NewtonSteps; step++)
        {
            gradient.AsSpan().Clear();
            hessian.AsSpan().Clear();
            for (var row = 0; row < fitted; row++)
            {
                var x = rows.AsSpan(row * width, width);
                var rate = PortableMath.Exp(LogRate(row, offsets[row]));
                TensorPrimitives.MultiplyAdd(x, rate - counts[row], gradient, gradient);
                AddOuter(hessian, x, rate);
            }

            for (var i = 0; i < width; i++)
            {
                var own = i == 0 ? InterceptShare * penalty : penalty;
                gradient[i] += own * _beta[i];
                hessian[i * width + i] += own;
            }

            Solve(hessian, gradient);
            var length = TensorPrimitives.Norm<double>(gradient);
            TensorPrimitives.MultiplyAdd(gradient, -Math.Min(1, LongestStep / Math.Max(length, 1e-12)), _beta, _beta);
        }
    }

    /// <summary>Adds w x xᵀ, whole rows.</summary>
    private static void AddOuter(double[] matrix, ReadOnlySpan<double> x, double w)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var factor = new Vector<double>(w * x[i]);
            var row = matrix.AsSpan(i * x.Length, x.Length);
            for (var j = 0; j < x.Length; j += Vector<double>.Count)
                (new Vector<double>(row[j..]) + factor * new Vector<double>(x[j..])).CopyTo(row[j..]);
        }
    }

    /// <summary>a x = b by Cholesky's factor, in place; a is positive definite.</summary>
    private void Solve(double[] a, double[] b)
    {
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = a[i * width + j];
                for (var k = 0; k < j; k++) sum -= a[i * width + k] * a[j * width + k];
                a[i * width + j] = i == j ? Math.Sqrt(sum) : sum / a[j * width + j];
            }
        }

        for (var i = 0; i < width; i++)
        {
            for (var k = 0; k < i; k++) b[i] -= a[i * width + k] * b[k];
            b[i] /= a[i * width + i];
        }

        for (var i = width - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < width; k++) b[i] -= a[k * width + i] * b[k];
            b[i] /= a[i * width + i];
        }
    }
}
