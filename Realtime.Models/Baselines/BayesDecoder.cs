using Realtime.Engine.Decoding;
using Realtime.Engine.Numerics;

namespace Realtime.Models.Baselines;

/// <summary>
/// Naive Bayes with independent Poisson units: the counts of one bin and each unit's tuning curve over a grid of cells give a posterior
/// over the cells; the answer is the posterior mean of the cells' values. For an angle the values are cos and sin: atan2 of the answer is
/// the circular mean, its length the certainty. Stateless: any hop will do.
/// Source: Zhang, Ginzburg, McNaughton, Sejnowski 1998, Journal of Neurophysiology 79:1017-1044, equation 36.
/// </summary>
/// <remarks>
/// Tensors: log_rate [units, cells] (natural logarithm of Hz), rate_sum [cells] (Hz, over all units), log_prior [cells], value [cells,
/// outputs]. Cells that the animal never visited in training are not in the file.
/// </remarks>
public sealed class BayesDecoder : IDecoder
{
    /// <summary>The name of this kind of model in config files.</summary>
    public const string Kind = "bayes";

    private readonly long _binNs;
    private readonly int _units;
    private readonly int _outputs;
    private readonly int _cells;
    private readonly double[] _logRate;
    private readonly double[] _constant;
    private readonly double[] _value;
    private readonly float[] _counts;
    private readonly double[] _posterior;

    /// <exception cref="ModelFormatException">The tensors do not agree with the config, or hold numbers that are not finite.</exception>
    public BayesDecoder(ModelFile file)
    {
        var config = file.Config;
        (_binNs, _units, _outputs) = (config.BinNs, config.Units.Count, config.Outputs.Count);
        if (config.Lags != 1)
            throw new ModelFormatException(file.Name, "config.lags", $"is {config.Lags}; this kind of model reads 1 bin.",
            "Fit the model again.");
        var cells = file.Tensors.Info("log_prior").Count;
        if (cells < 1) throw new ModelFormatException(file.Name, "log_prior", "has no cells.", "Fit the model again.");
        _logRate = file.Doubles("log_rate", _units, cells);
        _constant = file.Doubles("log_prior", cells);
        _value = file.Doubles("value", cells, _outputs);
        var rateSum = file.Doubles("rate_sum", cells);
        _cells = (int)cells;
        for (var cell = 0; cell < _cells; cell++) _constant[cell] -= rateSum[cell] * (_binNs * 1e-9);
        _counts = new float[_units];
        _posterior = new double[_cells];
        Description = file.Describe(hopNs: 0);
    }

    /// <inheritdoc/>
    public DecoderDescription Description { get; }

    /// <inheritdoc/>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    public void Decode(in SpikeWindow window, Span<float> values)
    {
        BinCounter.Count(window, _binNs, _units, _counts, 1);
        _constant.CopyTo(_posterior, 0);
        for (var unit = 0; unit < _units; unit++)
        {
            double count = _counts[unit];
            if (count == 0) continue;
            var row = _logRate.AsSpan(unit * _cells, _cells);
            for (var cell = 0; cell < row.Length; cell++) _posterior[cell] += count * row[cell];
        }

        var peak = double.NegativeInfinity;
        foreach (var logarithm in _posterior) peak = Math.Max(peak, logarithm);
        double total = 0;
        for (var cell = 0; cell < _cells; cell++) total += _posterior[cell] = PortableMath.Exp(_posterior[cell] - peak);
        for (var output = 0; output < _outputs; output++)
        {
            double sum = 0;
            for (var cell = 0; cell < _cells; cell++) sum += _posterior[cell] * _value[cell * _outputs + output];
            values[output] = (float)(sum / total);
        }
    }
}
