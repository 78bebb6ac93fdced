namespace Realtime.Models.Baselines;

/// <summary>Mean and covariance of a Kalman filter's state, and one step of it. S × S arithmetic in float64, nothing allocated per
/// step.</summary>
internal sealed class KalmanState
{
    private readonly int _size;
    private readonly double[] _transition;
    private readonly double[] _noise;
    private readonly double[] _information;
    private readonly double[] _initial;
    private readonly double[] _covariance;
    private readonly double[] _predicted;
    private readonly double[] _product;
    private readonly double[] _system;
    private readonly double[] _mean;
    private readonly double[] _prior;
    private readonly double[] _innovation;

    /// <summary>All matrices [S, S], row-major.</summary>
    public KalmanState(double[] transition, double[] noise, double[] information, double[] initial)
    {
        (_transition, _noise, _information, _initial) = (transition, noise, information, initial);
        _size = (int)Math.Round(Math.Sqrt(initial.Length));
        _covariance = new double[initial.Length];
        _predicted = new double[initial.Length];
        _product = new double[initial.Length];
        _system = new double[initial.Length];
        _mean = new double[_size];
        _prior = new double[_size];
        _innovation = new double[_size];
        Reset();
    }

    /// <summary>The state's mean after the last step, about its training mean; S numbers.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>Back to the training distribution.</summary>
    public void Reset()
    {
        Array.Clear(_mean);
        _initial.CopyTo(_covariance, 0);
    }

    /// <summary>Predicts one bin ahead and takes in that bin's counts.</summary>
    /// <param name="evidence">C (z - mean of z), S numbers.</param>
    public void Step(ReadOnlySpan<double> evidence)
    {
        Predict();

        // (I + P⁻ D) P = P⁻: works for a P⁻ that is singular, as with an output that never moved.
        Multiply(_predicted, _information, _system);
        for (var i = 0; i < _size; i++) _system[i * _size + i] += 1;
        _predicted.CopyTo(_covariance, 0);
        SolveInPlace(_system, _covariance);
        Symmetrise(_covariance);

        // x = x⁻ + P (C z - D x⁻)
        for (var i = 0; i < _size; i++)
        {
            var sum = evidence[i];
            for (var j = 0; j < _size; j++) sum -= _information[i * _size + j] * _prior[j];
            _innovation[i] = sum;
        }

        for (var i = 0; i < _size; i++)
        {
            var sum = _prior[i];
            for (var j = 0; j < _size; j++) sum += _covariance[i * _size + j] * _innovation[j];
            _mean[i] = sum;
        }
    }

    private void Predict()
    {
        for (var i = 0; i < _size; i++)
        {
            double sum = 0;
            for (var j = 0; j < _size; j++) sum += _transition[i * _size + j] * _mean[j];
            _prior[i] = sum;
        }

        Multiply(_transition, _covariance, _product);
        for (var i = 0; i < _size; i++)
        {
            for (var j = 0; j < _size; j++)
            {
                var sum = _noise[i * _size + j];
                for (var k = 0; k < _size; k++) sum += _product[i * _size + k] * _transition[j * _size + k];
                _predicted[i * _size + j] = sum;
            }
        }
    }

    private void Multiply(double[] left, double[] right, double[] result)
    {
        for (var i = 0; i < _size; i++)
        {
            for (var j = 0; j < _size; j++)
            {
                double sum = 0;
                for (var k = 0; k < _size; k++) sum += left[i * _size + k] * right[k * _size + j];
                result[i * _size + j] = sum;
            }
        }
    }

    /// <summary>Gaussian elimination with partial pivoting; both arguments are overwritten, the second with the solution.</summary>
    private void SolveInPlace(double[] system, double[] rightSides)
    {
        for (var column = 0; column < _size; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < _size; row++)
                if (Math.Abs(system[row * _size + column]) > Math.Abs(system[pivot * _size + column])) pivot = row;
            if (pivot != column)
            {
                SwapRows(system, pivot, column);
                SwapRows(rightSides, pivot, column);
            }

            for (var row = column + 1; row < _size; row++)
            {
                var factor = system[row * _size + column] / system[column * _size + column];
                for (var k = column; k < _size; k++) system[row * _size + k] -= factor * system[column * _size + k];
                for (var k = 0; k < _size; k++) rightSides[row * _size + k] -= factor * rightSides[column * _size + k];
            }
        }

        for (var row = _size - 1; row >= 0; row--)
        {
            for (var k = 0; k < _size; k++)
            {
                var sum = rightSides[row * _size + k];
                for (var j = row + 1; j < _size; j++) sum -= system[row * _size + j] * rightSides[j * _size + k];
                rightSides[row * _size + k] = sum / system[row * _size + row];
            }
        }
    }

    private void SwapRows(double[] matrix, int a, int b)
    {
        for (var k = 0; k < _size; k++)
            (matrix[a * _size + k], matrix[b * _size + k]) = (matrix[b * _size + k], matrix[a * _size + k]);
    }

    /// <summary>Rounding makes P drift from symmetry over hours; half of each side brings it back every step.</summary>
    private void Symmetrise(double[] matrix)
    {
        for (var i = 0; i < _size; i++)
        {
            for (var j = 0; j < i; j++)
                matrix[i * _size + j] = matrix[j * _size + i] = 0.5 * (matrix[i * _size + j] + matrix[j * _size + i]);
        }
    }
}
