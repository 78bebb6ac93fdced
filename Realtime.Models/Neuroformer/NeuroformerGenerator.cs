using Realtime.Engine.Numerics;
using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer;

/// <summary>
/// Generates the spikes of consecutive windows token by token, with upstream's loop: each token is chosen from a forward pass over all tokens
/// before it. One thread; keeps what it has generated.
/// Source: github.com/a-antoniades/Neuroformer, neuroformer/simulation.py (generate_spikes).
/// </summary>
public sealed class NeuroformerGenerator
{
    private readonly NeuroformerConfig _config;
    private readonly NeuroformerTokenizer _tokenizer;
    private readonly NeuroformerNetwork _network;
    private readonly NeuroformerPastMode _mode;
    private readonly NeuroformerSampling _sampling;
    private readonly PortableRandom _random;
    private readonly List<(long Bin, int Neuron)> _predicted = [];
    private readonly int _pastBins;
    private readonly int _currentBins;
    private long? _firstBin;
    private int _windows;
    private int? _lastNeuron;

    /// <exception cref="ArgumentException">The sampling is out of its range, or predictions cannot be fed back as a window is no whole number of bins.</exception>
    public NeuroformerGenerator(NeuroformerWeights weights, NeuroformerPastMode mode, NeuroformerSampling? sampling = null, KernelSet? kernels = null)
    {
        _config = weights.Config;
        _mode = mode;
        _sampling = sampling ?? new NeuroformerSampling();
        _sampling.Check();
        _tokenizer = new NeuroformerTokenizer(_config);
        _network = new NeuroformerNetwork(weights, kernels);
        _random = new PortableRandom(_sampling.Seed, 0x4E46);
        _currentBins = (int)Math.Round(_config.WindowCurr / _config.ResolutionDt);
        _pastBins = (int)Math.Round(_config.WindowPrev / _config.ResolutionDt);
        if (mode == NeuroformerPastMode.Feedback && (_config.CurrNs % _config.ResolutionNs != 0 || _config.PrevNs % _config.ResolutionNs != 0))
            throw new ArgumentException($"Windows of {_config.WindowCurr} and {_config.WindowPrev} s are no whole number of bins of {_config.ResolutionDt} s; predictions cannot be fed back.", nameof(mode));
    }

    /// <summary>Generates the next window; they must come in their order in time.</summary>
    /// <exception cref="ArgumentException">The window does not fit the model, or comes before the last one.</exception>
    public NeuroformerGenerated Next(NeuroformerGenerationWindow given)
    {
        _firstBin ??= given.FirstBin;
        var window = NeuroformerTokenizer.Window(
            _tokenizer.Sequence([.. given.Current], _config.BlockId), _tokenizer.Sequence([.. Past(given)], _config.BlockPrevId), given.Frames, given.Inputs);
        if (_mode == NeuroformerPastMode.Default && _windows > _config.WindowPrev / _config.WindowCurr) window = SortedByTime(window);
        _windows++;
        return Generate(given, window);
    }

    private NeuroformerGenerated Generate(NeuroformerGenerationWindow given, NeuroformerWindow window)
    {
        var before = _network.Forward([window]);
        var running = window with { Ids = [.. window.Ids], Times = [.. window.Times] };
        var (ids, times) = (new List<int>(), new List<int>());
        var (idLogits, timeLogits) = (new List<float>(), new List<float>());
        var recorded = new List<(int Neuron, int Time)>();
        var spikes = new List<NeuroformerSpike>();
        var outside = 0;
        for (var position = 0; position < _config.BlockId - 1; position++)
        {
            var output = _network.Forward([running], rows: position + 1);
            var idRow = output.IdLogits.AsSpan(position * _config.IdWords, _config.IdWords);
            var timeRow = output.DtLogits.AsSpan(position * _config.DtWords, _config.DtWords);
            idLogits.AddRange(idRow);
            timeLogits.AddRange(timeRow);
            var id = Choose(idRow, _sampling.TopP, _sampling.Temperature);
            var time = Choose(timeRow, _sampling.TopPTime, _sampling.TemperatureTime);
            ids.Add(id);
            times.Add(time);
            (running.Ids[position + 1], running.Times[position + 1]) = (id, time);
            if (id >= _config.Eos) break;
            if (id < _config.Neurons)
            {
                _lastNeuron = id;
                var inside = time < _currentBins;
                if (!inside) outside++;
                spikes.Add(new(inside ? time : _currentBins - 1, id));
            }

            if (_lastNeuron is { } neuron) recorded.Add((neuron, time));
        }

        spikes.Sort();
        _predicted.AddRange(spikes.Select(spike => (given.FirstBin + spike.Bin, spike.Neuron)));
        return new NeuroformerGenerated
        {
            Window = window,
            Before = before,
            Ids = [.. ids],
            Times = [.. times],
            IdLogits = [.. idLogits],
            DtLogits = [.. timeLogits],
            Recorded = recorded,
            Spikes = spikes,
            OutsideWindow = outside,
        };
    }

    private int Choose(ReadOnlySpan<float> logits, double topP, double temperature)
    {
        if (!_sampling.Sample) return NeuroformerTokenChoice.Best(logits);

        // NB: upstream filters neither unless top-k or the ids' top-p is set.
        var filtered = _sampling.TopK > 0 || _sampling.TopP > 0;
        return NeuroformerTokenChoice.Draw(
            NeuroformerTokenChoice.Probabilities(logits, filtered ? _sampling.TopK : 0, filtered ? topP : 0, temperature), _random);
    }

    private IReadOnlyList<NeuroformerSpike> Past(NeuroformerGenerationWindow given)
    {
        if (_mode != NeuroformerPastMode.Feedback) return given.Past;
        if (_windows > 0 && given.FirstBin < _firstBin) throw new ArgumentException("Windows must come in their order in time.", nameof(given));
        var start = given.FirstBin - _pastBins;
        var spikes = given.Past.Where(spike => start + spike.Bin < _firstBin).ToList();
        spikes.AddRange(_predicted.Where(spike => spike.Bin >= start && spike.Bin < given.FirstBin).Select(spike => new NeuroformerSpike((int)(spike.Bin - start), spike.Neuron)));
        spikes.Sort();
        return spikes;
    }

    /// <summary>The past in upstream's order: by dt, the largest token first, equals as they were.</summary>
    private static NeuroformerWindow SortedByTime(NeuroformerWindow window)
    {
        var order = Enumerable.Range(0, window.PastTimes.Length).OrderByDescending(place => window.PastTimes[place]).ToArray();
        return window with { PastIds = Array.ConvertAll(order, place => window.PastIds[place]), PastTimes = Array.ConvertAll(order, place => window.PastTimes[place]) };
    }
}
