using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Realtime.Engine.Decoding;

namespace Realtime.Models.Baselines;

/// <summary>
/// Wiener filter: spike counts of the last L bins, mapped linearly to the outputs. Stateless: any hop will do.
/// Tensors: weight [outputs, lags, units] on z-scored counts, bias [outputs], feature_mean and feature_sd [lags, units].
/// Source: Carmena et al. 2003, PLoS Biology 1:e42 (linear model with lags); fitted by ridge regression.
/// </summary>
public sealed class WienerDecoder : IDecoder
{
    /// <summary>The name of this kind of model in config files.</summary>
    public const string Kind = "wiener";

    private const int Lanes = 8;

    private readonly long _binNs;
    private readonly int _units;
    private readonly int _lags;
    private readonly int _outputs;

    // Features rounded up to whole vectors; the rest of counts and weights stays zero.
    private readonly int _stride;
    private readonly float[] _counts;
    private readonly float[] _weights;
    private readonly float[] _bias;

    /// <exception cref="ModelFormatException">The tensors do not agree with the config, or hold numbers that are not finite.</exception>
    public WienerDecoder(ModelFile file)
    {
        var config = file.Config;
        (_binNs, _units, _lags, _outputs) = (config.BinNs, config.Units.Count, config.Lags, config.Outputs.Count);

        // Read first: a file whose tensors have these shapes holds that many numbers, so that the products below are honest.
        var weight = file.Doubles("weight", _outputs, _lags, _units);
        var bias = file.Doubles("bias", _outputs);
        var mean = file.Doubles("feature_mean", _lags, _units);
        var sd = file.Doubles("feature_sd", _lags, _units);
        if (Array.FindIndex(sd, value => value <= 0) is var at and >= 0)
            throw new ModelFormatException(file.Name, "feature_sd", $"is not positive at index {at}.", "Fit the model again.");
        _stride = (mean.Length + 4 * Lanes - 1) / (4 * Lanes) * (4 * Lanes);
        _counts = new float[_stride];
        _weights = new float[checked(_stride * _outputs)];
        _bias = new float[_outputs];
        Fold(weight, bias, mean, sd);
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
        BinCounter.Count(window, _binNs, _units, _counts, _lags);
        for (var output = 0; output < _outputs; output++)
            values[output] = _bias[output] + Dot(_counts, _weights.AsSpan(output * _stride, _stride));
    }

    /// <summary>Puts the z-scoring into weights and bias: w (x - m) / s + b = (w / s) x + (b - Σ w m / s).</summary>
    private void Fold(double[] weight, double[] bias, double[] mean, double[] sd)
    {
        for (var output = 0; output < _outputs; output++)
        {
            var constant = bias[output];
            for (var feature = 0; feature < mean.Length; feature++)
            {
                var folded = weight[output * mean.Length + feature] / sd[feature];
                constant -= folded * mean[feature];
                _weights[output * _stride + feature] = (float)folded;
            }

            _bias[output] = (float)constant;
        }
    }

    /// <summary>Σ a b over whole vectors. NB: 256 bits on every machine (emulated where need be), so that the order of the sum is
    /// fixed.</summary>
    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var left = MemoryMarshal.Cast<float, Vector256<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector256<float>>(b)[..left.Length];
        var sum0 = Vector256<float>.Zero;
        var sum1 = Vector256<float>.Zero;
        var sum2 = Vector256<float>.Zero;
        var sum3 = Vector256<float>.Zero;
        for (var i = 0; i + 3 < left.Length; i += 4)
        {
            sum0 += left[i] * right[i];
            sum1 += left[i + 1] * right[i + 1];
            sum2 += left[i + 2] * right[i + 2];
            sum3 += left[i + 3] * right[i + 3];
        }

        var sum = (sum0 + sum1) + (sum2 + sum3);
        var total = 0f;
        for (var lane = 0; lane < Lanes; lane++) total += sum[lane];
        return total;
    }
}
