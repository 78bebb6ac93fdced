using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;

namespace Realtime.Models.Mtm;

/// <summary>
/// One bin's spikes to its row of the network, without position. No activation lies between stitcher and embedding, so both are one table with a row
/// per neuron, and a bin costs its spikes. What hidden neurons always add lies in the constant. One thread at a time; allocates nothing per bin.
/// </summary>
internal sealed class BinInput
{
    private readonly KernelSet _kernels;
    private readonly AlignedFloats _rows;
    private readonly float[] _bias;
    private readonly float[] _nothing;
    private readonly float[] _embedded;
    private readonly float _scale;
    private readonly LiveMatrix _projection;
    private readonly int[] _counts;
    private readonly bool[] _hidden;
    private readonly bool _isRoot;

    /// <param name="model">The model.</param>
    /// <param name="kernels">Arithmetic.</param>
    public BinInput(MtmModel model, KernelSet kernels)
    {
        var weights = model.Weights;
        (_kernels, _hidden, _isRoot) = (kernels, model.Hidden, model.Settings.RootCounts);
        var size = weights.Config.EmbedSize;
        _bias = new float[size];
        _nothing = new float[size];
        _embedded = new float[size];
        _scale = (float)weights.Config.EmbedScale;
        _projection = new LiveMatrix(weights.Projection, model.Settings.HalfWeights, kernels);
        _counts = new int[weights.Neurons];
        _rows = new AlignedFloats(checked(weights.Neurons * size));
        Fold(model, _rows.Span, _bias, _nothing);
    }

    /// <summary>Spikes passed over because their unit is not one of the model's.</summary>
    public long UnknownUnitSpikes { get; private set; }

    /// <summary>Counts the spikes of a window in [fromNs, EndNs), and gives the bin's row.</summary>
    public void Embed(in SpikeWindow window, long fromNs, Span<float> row)
    {
        Array.Clear(_counts);
        var spikes = Math.Min(window.TimesNs.Length, window.Units.Length);
        for (var spike = 0; spike < spikes; spike++)
        {
            if (window.TimesNs[spike] < fromNs || window.TimesNs[spike] >= window.EndNs) continue;
            var unit = window.Units[spike];
            if ((uint)unit < (uint)_counts.Length) _counts[unit]++;
            else UnknownUnitSpikes++;
        }

        Embed(row);
    }

    /// <summary>The row of given counts.</summary>
    public void Embed(ReadOnlySpan<float> counts, Span<float> row)
    {
        for (var neuron = 0; neuron < _counts.Length; neuron++) _counts[neuron] = (int)counts[neuron];
        Embed(row);
    }

    /// <summary>The row of a bin that is asked for: all of it is hidden.</summary>
    public void EmbedNothing(Span<float> row)
    {
        _nothing.CopyTo(_embedded, 0);
        Finish(row);
    }

    private void Embed(Span<float> row)
    {
        _bias.CopyTo(_embedded, 0);
        for (var neuron = 0; neuron < _counts.Length; neuron++)
        {
            if (_counts[neuron] <= 0 || _hidden[neuron]) continue;
            float count = _counts[neuron];
            _kernels.Combine(_embedded, 1, _rows.Span.Slice(neuron * _embedded.Length, _embedded.Length), _isRoot ? MathF.Sqrt(count) : count);
        }

        Finish(row);
    }

    private void Finish(Span<float> row)
    {
        _kernels.Softsign(_embedded, _scale, _embedded);
        _projection.Multiply(_embedded, 1, row);
    }

    /// <summary>W_embed W_stitch, a row per neuron; W_embed b_stitch + b_embed with what hidden neurons add, and with what all add when hidden; in double.</summary>
    private static void Fold(MtmModel model, Span<float> rows, float[] bias, float[] nothing)
    {
        var weights = model.Weights;
        var (embed, size, channels, neurons) = (weights.EmbedSpikes, weights.Config.EmbedSize, weights.Config.NChannels, weights.Neurons);
        var sums = new double[neurons];
        for (var output = 0; output < size; output++)
        {
            double constant = embed.Bias[output];
            Array.Clear(sums);
            var map = embed.Weight.AsSpan(output * channels, channels);
            if (weights.Stitcher is { } stitcher)
            {
                for (var channel = 0; channel < channels; channel++)
                {
                    double weight = map[channel];
                    constant += weight * stitcher.Bias[channel];
                    var from = stitcher.Weight.AsSpan(channel * neurons, neurons);
                    for (var neuron = 0; neuron < from.Length; neuron++) sums[neuron] += weight * from[neuron];
                }
            }
            else
            {
                for (var neuron = 0; neuron < neurons; neuron++) sums[neuron] = map[neuron];
            }

            var all = constant;
            for (var neuron = 0; neuron < neurons; neuron++)
            {
                rows[neuron * size + output] = (float)sums[neuron];
                all += sums[neuron] * model.HiddenCount(neuron);
                if (model.Hidden[neuron]) constant += sums[neuron] * model.HiddenCount(neuron);
            }

            (bias[output], nothing[output]) = ((float)constant, (float)all);
        }
    }
}
