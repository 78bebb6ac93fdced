using MathNet.Numerics.LinearAlgebra;

namespace Realtime.Models.Training;

/// <summary>
/// Sums over training rows from which ridge regression is solved. Features are spike counts, so their sums are whole numbers and exact in
/// float64: neither the order of rows nor a split among threads can change a bit. Zero counts cost nothing.
/// </summary>
internal sealed class FeatureMoments
{
    /// <summary>Most features (units × lags): the Gram matrix of 12000 takes 1.15 GB, its factor as much again.</summary>
    public const int MaxFeatures = 12_000;

    private readonly int _features;
    private readonly int _outputs;
    private readonly double[] _sum;
    private readonly double[] _gram;
    private readonly double[] _cross;
    private readonly double[] _targetSum;
    private readonly int[] _present;

    public FeatureMoments(int features, int outputs)
    {
        (_features, _outputs) = (features, outputs);
        _sum = new double[features];
        _gram = new double[(long)features * features];
        _cross = new double[features * outputs];
        _targetSum = new double[outputs];
        _present = new int[features];
    }

    public int Rows { get; private set; }

    /// <summary>Mean of each feature.</summary>
    public double[] Mean => Array.ConvertAll(_sum, sum => sum / Rows);

    /// <summary>Mean of each target.</summary>
    public double[] TargetMean => Array.ConvertAll(_targetSum, sum => sum / Rows);

    /// <summary>Standard deviation of each feature (over N); 1 for one that never varies, which centring then makes 0 throughout.</summary>
    public double[] Deviation
    {
        get
        {
            var deviations = new double[_features];
            for (var i = 0; i < _features; i++)
            {
                // Whole numbers up to here: exactly zero for a constant feature.
                var scaled = Rows * _gram[(long)i * _features + i] - _sum[i] * _sum[i];
                deviations[i] = scaled > 0 ? Math.Sqrt(scaled) / Rows : 1;
            }

            return deviations;
        }
    }

    /// <summary>Features that hold the same number in every row (units that never fire, mostly).</summary>
    public bool IsConstant(int feature) => Rows * _gram[(long)feature * _features + feature] - _sum[feature] * _sum[feature] <= 0;

    public void Add(ReadOnlySpan<float> row, ReadOnlySpan<double> targets)
    {
        var present = 0;
        for (var i = 0; i < row.Length; i++)
            if (row[i] != 0) _present[present++] = i;
        for (var a = 0; a < present; a++)
        {
            var i = _present[a];
            double value = row[i];
            _sum[i] += value;
            var gram = _gram.AsSpan(i * _features, _features);
            for (var b = a; b < present; b++) gram[_present[b]] += value * row[_present[b]];
            for (var output = 0; output < _outputs; output++) _cross[i * _outputs + output] += value * targets[output];
        }

        for (var output = 0; output < _outputs; output++) _targetSum[output] += targets[output];
        Rows++;
    }

    /// <summary>Gram matrix of the z-scored features, [features, features].</summary>
    public Matrix<double> StandardGram()
    {
        var deviation = Deviation;
        var gram = Matrix<double>.Build.Dense(_features, _features);
        for (var i = 0; i < _features; i++)
        {
            for (var j = i; j < _features; j++)
            {
                var centred = (Rows * _gram[(long)i * _features + j] - _sum[i] * _sum[j]) / Rows;
                gram[i, j] = gram[j, i] = centred / (deviation[i] * deviation[j]);
            }
        }

        return gram;
    }

    /// <summary>Z-scored features against centred targets, [features, outputs].</summary>
    public Matrix<double> StandardCross()
    {
        var deviation = Deviation;
        var cross = Matrix<double>.Build.Dense(_features, _outputs);
        for (var i = 0; i < _features; i++)
        {
            for (var output = 0; output < _outputs; output++)
                cross[i, output] = (_cross[i * _outputs + output] - _sum[i] * (_targetSum[output] / Rows)) / deviation[i];
        }

        return cross;
    }
}
