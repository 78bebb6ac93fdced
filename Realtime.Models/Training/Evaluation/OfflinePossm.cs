using Realtime.Models.Possm;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Evaluation;

/// <summary>POSSM's plain network for offline scores: each window begins with an empty state. A moment is answered from the chunk that ends
/// there, as live, and not from the next one as upstream's tokeniser would have it.</summary>
internal sealed class OfflinePossm : IOfflineNetwork
{
    private readonly PossmSettings _settings;
    private readonly PossmNetwork _network;
    private readonly OutputScale _scale;
    private readonly int _sessionRow;
    private readonly int _taskId;
    private readonly int _outputs;

    public OfflinePossm(ModelFile file)
    {
        _settings = SettingsJson.Read<PossmSettings>(file.Config.Settings, file.Name, "config.settings");
        var weights = PossmWeights.Read(new WeightReader(file.Tensors), _settings.HyperParameters);
        PossmFileCheck.Check(file, _settings, weights);
        _network = new PossmNetwork(weights);
        _scale = new OutputScale(file, _settings.OutputSd, _settings.OutputMean);
        _sessionRow = VocabularyCheck.Session(file, _settings.SessionVocab, _settings.Session);
        _taskId = _settings.Tasks.Index().First(task => task.Item == _settings.Task).Index + 1;
        _outputs = file.Config.Outputs.Count;
        GridNs = file.Config.BinNs;
        WindowNs = Math.Max(GridNs, (long)Math.Round(_settings.HyperParameters.SequenceLength * 1e9) / GridNs * GridNs);
    }

    public long WindowNs { get; }

    public long GridNs { get; }

    public long Fitting(long intervalNs) => Math.Min(WindowNs, intervalNs / GridNs * GridNs);

    public float[] Predict(SpikeTrain spikes, long startNs, long lengthNs, ReadOnlySpan<long> momentsNs)
    {
        var window = spikes.Window(startNs, startNs + lengthNs);
        var (rows, times) = (new int[window.TimesNs.Length], new double[window.TimesNs.Length]);
        for (var spike = 0; spike < times.Length; spike++)
            (rows[spike], times[spike]) = (_settings.UnitRows[window.Units[spike]], (window.TimesNs[spike] - startNs) / 1e9);
        var (queries, chunks) = (new double[momentsNs.Length], new int[momentsNs.Length]);
        for (var query = 0; query < queries.Length; query++)
        {
            queries[query] = (momentsNs[query] - startNs) / 1e9 - _settings.QueryLag;
            chunks[query] = (int)((momentsNs[query] - startNs) / GridNs);
        }

        var batch = PossmTokenizer.Tokenize(_settings.HyperParameters, new PossmSample
        {
            Length = lengthNs / 1e9,
            SpikeRows = rows,
            SpikeTimes = times,
            SessionRow = _sessionRow,
            Queries = [new PossmQueries(_taskId, queries)],
        });
        chunks.CopyTo(batch.QueryChunks, 0);
        var mask = _settings.VisibleTokens > 0 ? PossmMask.AsRun : PossmMask.Strict;
        var predictions = _network.Forward(batch, mask, _settings.Tasks)[_settings.Task].AsSpan(0, queries.Length * _outputs).ToArray();
        for (var query = 0; query < queries.Length; query++) _scale.Apply(predictions.AsSpan(query * _outputs, _outputs));
        return predictions;
    }
}
