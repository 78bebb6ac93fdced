using Realtime.Models.Kernels;
using Realtime.Models.Poyo;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Evaluation;

/// <summary>POYO's plain network for offline scores.</summary>
internal sealed class OfflinePoyo : IOfflineNetwork
{
    private readonly PoyoSettings _settings;
    private readonly PoyoTokenizer _tokenizer;
    private readonly PoyoNetwork _network;
    private readonly OutputScale _scale;
    private readonly int _sessionRow;
    private readonly int _outputs;

    public OfflinePoyo(ModelFile file)
    {
        _settings = SettingsJson.Read<PoyoSettings>(file.Config.Settings, file.Name, "config.settings");
        _tokenizer = new PoyoTokenizer(_settings.HyperParameters);
        _network = new PoyoNetwork(PoyoWeights.Read(new WeightReader(file.Tensors), _settings.HyperParameters), KernelSet.Best);
        _scale = new OutputScale(file, _settings.OutputSd, _settings.OutputMean);
        _sessionRow = VocabularyCheck.Session(file, _settings.SessionVocab, _settings.Session);
        _outputs = file.Config.Outputs.Count;
        WindowNs = (long)Math.Round(_settings.HyperParameters.SequenceLength * 1e9);
        if (_settings.QueryLag * 2e9 > WindowNs)
            throw new ArgumentException($"{file.Name} asks about {_settings.QueryLag} s before the window's end, more than half of its window: windows " +
                "every half a window would leave moments without an answer. Score it causally only.");
    }

    public long WindowNs { get; }

    public long GridNs => 1;

    public long Fitting(long intervalNs) => intervalNs >= WindowNs ? WindowNs : 0;

    public float[] Predict(SpikeTrain spikes, long startNs, long lengthNs, ReadOnlySpan<long> momentsNs)
    {
        var window = spikes.Window(startNs, startNs + lengthNs);
        var times = new double[window.TimesNs.Length];
        for (var spike = 0; spike < times.Length; spike++) times[spike] = (window.TimesNs[spike] - startNs) / 1e9;
        var queries = new double[momentsNs.Length];
        for (var query = 0; query < queries.Length; query++) queries[query] = (momentsNs[query] - startNs) / 1e9 - _settings.QueryLag;
        var predictions = _network.Forward(_tokenizer.Tokenize(new PoyoSample
        {
            UnitRows = _settings.UnitRows,
            SpikeUnits = window.Units.ToArray(),
            SpikeTimes = times,
            SessionRow = _sessionRow,
            QueryTimes = queries,
        }));
        for (var query = 0; query < queries.Length; query++) _scale.Apply(predictions.AsSpan(query * _outputs, _outputs));
        return predictions;
    }
}
