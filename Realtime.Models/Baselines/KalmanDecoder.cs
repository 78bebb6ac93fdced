using System.Text.Json.Nodes;
using Realtime.Engine.Decoding;

namespace Realtime.Models.Baselines;

/// <summary>
/// Kalman filter over binned counts. State x (S numbers: the outputs, and their differences per bin where the model has them) and counts z
/// (N units) follow x(t) = A x(t-1) + w, z(t) = H x(t) + q, both about their training means.
/// The gain is computed on line in the information form, P = (I + P⁻ D)⁻¹ P⁻ with D = Hᵀ Q⁻¹ H, so that only S × S systems are solved per
/// tick.
/// Must be called at hops of one bin; the state is carried from tick to tick.
/// Source: Wu, Gao, Bienenstock, Donoghue, Black 2006, Neural Computation 18:80-118, section 3.
/// </summary>
/// <remarks>
/// Tensors: transition A [S, S], transition_noise W [S, S], projection C = Hᵀ Q⁻¹ [S, N], information D [S, S], initial_covariance [S, S],
/// state_mean [S], count_mean [N]. Setting <c>lag_bins</c>: how many bins the counts lie before the target's bin; lags = lag_bins + 1.
/// </remarks>
public sealed class KalmanDecoder : IDecoder
{
    /// <summary>The name of this kind of model in config files.</summary>
    public const string Kind = "kalman";

    /// <summary>Largest state: the S × S solve of each tick is cubic in it.</summary>
    public const int MaxState = 64;

    /// <summary>Most bins the counts may lie before the target: more than seconds of delay help no closed loop.</summary>
    public const int MaxLagBins = 100;

    private readonly long _binNs;
    private readonly int _units;
    private readonly int _lags;
    private readonly int _outputs;
    private readonly double[] _projection;
    private readonly double[] _stateMean;
    private readonly double[] _countMean;
    private readonly float[] _counts;
    private readonly double[] _centred;
    private readonly double[] _evidence;
    private readonly KalmanState _state;

    /// <exception cref="ModelFormatException">The tensors do not agree with the config, or hold numbers that are not finite.</exception>
    public KalmanDecoder(ModelFile file)
    {
        var config = file.Config;
        (_binNs, _units, _lags, _outputs) = (config.BinNs, config.Units.Count, config.Lags, config.Outputs.Count);
        var lagBins = (config.Settings?["lag_bins"] as JsonValue)?.TryGetValue<int>(out var lag) == true ? lag : -1;
        if (lagBins != _lags - 1 || lagBins > MaxLagBins)
            throw new ModelFormatException(file.Name, "config.settings.lag_bins",
                $"must be lags - 1 = {_lags - 1}, and at most {MaxLagBins}.", "Fit the model again.");
        var size = file.Tensors.Info("state_mean").Count;
        if (size < _outputs || size > MaxState)
            throw new ModelFormatException(file.Name, "state_mean",
                $"has {size} states; from {_outputs} (the outputs) to {MaxState} are possible.", "Fit the model again.");
        _stateMean = file.Doubles("state_mean", size);
        _countMean = file.Doubles("count_mean", _units);
        _projection = file.Doubles("projection", size, _units);
        _state = new KalmanState(file.Doubles("transition", size, size), file.Doubles("transition_noise", size, size),
            file.Doubles("information", size, size),
            file.Doubles("initial_covariance", size, size));
        _counts = new float[checked(_units * _lags)];
        _centred = new double[_units];
        _evidence = new double[size];
        Description = file.Describe(config.BinNs);
    }

    /// <inheritdoc/>
    public DecoderDescription Description { get; }

    /// <inheritdoc/>
    public void Reset() => _state.Reset();

    /// <inheritdoc/>
    public void Decode(in SpikeWindow window, Span<float> values)
    {
        BinCounter.Count(window, _binNs, _units, _counts, _lags);
        var oldest = _counts.AsSpan((_lags - 1) * _units, _units);
        for (var unit = 0; unit < _units; unit++) _centred[unit] = oldest[unit] - _countMean[unit];
        for (var state = 0; state < _evidence.Length; state++)
        {
            double sum = 0;
            var row = _projection.AsSpan(state * _units, _units);
            for (var unit = 0; unit < _units; unit++) sum += row[unit] * _centred[unit];
            _evidence[state] = sum;
        }

        _state.Step(_evidence);
        var isFinite = true;
        for (var output = 0; output < _outputs; output++)
        {
            values[output] = (float)(_stateMean[output] + _state.Mean[output]);
            isFinite &= float.IsFinite(values[output]);
        }

        // NB: a state that is not finite would never recover; this answer tells of it, the next begins anew.
        if (!isFinite) _state.Reset();
    }
}
