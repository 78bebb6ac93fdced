using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer;

/// <summary>The embedding of times, learned or sinusoidal, plain form. Times are float token indices: EOS and PAD are times too. Immutable; any thread.</summary>
public sealed class NeuroformerTime
{
    private readonly KernelSet _kernels;
    private readonly int _width;
    private readonly PackedMatrix? _up;
    private readonly PackedMatrix? _down;

    /// <param name="weights">Null for sinusoidal time.</param>
    /// <param name="width">Model width.</param>
    /// <param name="kernels">Arithmetic.</param>
    public NeuroformerTime(NeuroformerTimeWeights? weights, int width, KernelSet kernels)
    {
        (_kernels, _width) = (kernels, width);
        if (weights is null) return;
        _up = kernels.Pack(weights.Up.Weight, weights.Up.Outputs, weights.Up.Inputs, weights.Up.Bias);
        _down = kernels.Pack(weights.Down.Weight, weights.Down.Outputs, weights.Down.Inputs, weights.Down.Bias);
    }

    /// <summary>Adds the embedding of each time to its row.</summary>
    /// <param name="times">Token indices.</param>
    /// <param name="x">[times, width].</param>
    public void AddTo(ReadOnlySpan<float> times, Span<float> x)
    {
        if (_up is null || _down is null)
        {
            var wave = new float[_width];
            for (var row = 0; row < times.Length; row++)
            {
                Sinusoids.Time(times[row], wave);
                var target = x.Slice(row * _width, _width);
                for (var channel = 0; channel < _width; channel++) target[channel] += wave[channel];
            }

            return;
        }

        var hidden = new float[times.Length * _up.Outputs];
        _kernels.Multiply(times, 1, times.Length, _up, hidden, _up.Outputs);
        _kernels.Gelu(hidden, hidden);
        _kernels.Multiply(hidden, _up.Outputs, times.Length, _down, x, _width, accumulate: true);
    }
}
