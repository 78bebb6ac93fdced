using Realtime.Models.Kernels;

namespace Realtime.Models.Mtm;

/// <summary>States to outputs: behaviour, rates, or mean rates of regions. One thread at a time; allocates nothing per bin.</summary>
internal sealed class LiveReadout
{
    private const double NsPerSecond = 1e9;

    private readonly KernelSet _kernels;
    private readonly LiveMatrix _map;
    private readonly bool _isBehaviour;
    private readonly int _width;
    private readonly int _ahead;
    private readonly float _perSecond;
    private readonly float[] _rates;
    private readonly int[] _region;
    private readonly int[] _neuronsOfRegion;

    /// <param name="model">The model.</param>
    /// <param name="binNs">Length of a bin.</param>
    /// <param name="kernels">Arithmetic.</param>
    public LiveReadout(MtmModel model, long binNs, KernelSet kernels)
    {
        var settings = model.Settings;
        (_kernels, _width, _ahead) = (kernels, model.Weights.Config.HiddenSize, settings.ForwardBins);
        _isBehaviour = model.BehaviourHead is not null;
        _map = new LiveMatrix(model.BehaviourHead ?? model.Weights.Head, settings.HalfWeights, kernels);
        _perSecond = (float)(NsPerSecond / binNs);
        _rates = new float[_isBehaviour ? 0 : model.Weights.Neurons];
        _region = [];
        _neuronsOfRegion = [];
        if (settings.Readout != MtmReadouts.Regions) return;
        var regions = MtmReadouts.RegionsOf(model.Session).ToList();
        _region = [.. model.Session.Regions.Select(region => regions.IndexOf(region))];
        _neuronsOfRegion = [.. regions.Select(region => model.Session.Regions.Count(other => other == region))];
    }

    /// <summary>Outputs of the newest bin, then of those ahead, nearest first; NaN for those that have no state.</summary>
    /// <param name="states">As <see cref="ILiveTrunk.Step"/> leaves them.</param>
    /// <param name="ahead">Bins ahead that have a state.</param>
    /// <param name="values">Outputs.</param>
    public void Read(ReadOnlySpan<float> states, int ahead, Span<float> values)
    {
        var each = values.Length / (1 + _ahead);
        for (var bin = 0; bin <= ahead; bin++) Read(states[((_ahead - bin) * _width)..], values.Slice(bin * each, each));
        values[((1 + ahead) * each)..].Fill(float.NaN);
    }

    private void Read(ReadOnlySpan<float> states, Span<float> values)
    {
        if (_isBehaviour)
        {
            _map.Multiply(states, 1, values);
            return;
        }

        _map.Multiply(states, 1, _rates);
        _kernels.Exp(_rates, _rates);
        if (_region.Length == 0)
        {
            for (var neuron = 0; neuron < _rates.Length; neuron++) values[neuron] = _rates[neuron] * _perSecond;
            return;
        }

        values.Clear();
        for (var neuron = 0; neuron < _rates.Length; neuron++) values[_region[neuron]] += _rates[neuron] * _perSecond;
        for (var region = 0; region < values.Length; region++) values[region] /= _neuronsOfRegion[region];
    }
}
