using Realtime.Engine.Text;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Poyo;

/// <summary>A golden folder of a POYO model, read and checked.</summary>
public sealed class PoyoGolden
{
    private readonly GoldenFolder _folder;
    private readonly GoldenConfig _config;

    /// <exception cref="ModelFormatException">The folder's files contradict each other.</exception>
    public PoyoGolden(GoldenFolder folder)
    {
        _folder = folder;
        _config = GoldenConfig.Of(folder);
        var given = _config.Object("hyper_parameters");
        var config = new PoyoConfig
        {
            SequenceLength = given.Number("sequence_length"),
            LatentStep = given.Number("latent_step"),
            NumLatentsPerStep = given.Whole("num_latents_per_step"),
            Dim = given.Whole("dim"),
            Depth = given.Whole("depth"),
            DimHead = given.Whole("dim_head"),
            CrossHeads = given.Whole("cross_heads"),
            SelfHeads = given.Whole("self_heads"),
        };
        Weights = PoyoWeights.Read(new WeightReader(folder.Weights), config);
        if (given.Has("dim_out") && given.Whole("dim_out") != Weights.Outputs)
            throw given.Wrong("dim_out", $"is {given.Whole("dim_out")}, but readout.weight has {Weights.Outputs} rows.");
        var deeper = folder.Weights.Tensors.Keys.FirstOrDefault(name => Layer(name) >= config.Depth);
        if (deeper is not null) throw given.Wrong("depth", $"is {config.Depth}, but {folder.Weights.Name} holds '{deeper}'.");
        Batch = ReadBatch();
    }

    public PoyoWeights Weights { get; }

    /// <summary>What the model was given.</summary>
    public PoyoBatch Batch { get; }

    /// <summary>Whether the raw spikes are there too.</summary>
    public bool HasRaw => _folder.Inputs.Tensors.Keys.Any(name => name.StartsWith("raw.", StringComparison.Ordinal));

    /// <summary>The raw spikes, with the valid queries of the model's inputs.</summary>
    /// <exception cref="ModelFormatException">Words or spikes are missing, or do not fit each other.</exception>
    public IReadOnlyList<PoyoSample> ReadSamples()
    {
        var described = _config.Objects("samples");
        if (described.Count != Batch.Samples) throw _config.Wrong("samples", $"describes {described.Count} samples, but the inputs hold {Batch.Samples}.");
        var units = _config.Texts("unit_vocab");
        var sessions = _config.Texts("session_vocab");
        return [.. described.Select((sample, index) => ReadSample(sample, index, units, sessions))];
    }

    private PoyoSample ReadSample(GoldenConfig sample, int index, IReadOnlyList<string> units, IReadOnlyList<string> sessions)
    {
        var rows = sample.Texts("units").Select(word => Row("units", word, units)).ToArray();
        var times = $"raw.{index}.spike_timestamps";
        var spikes = _folder.Inputs.Shape(times, 1)[0];
        return new PoyoSample
        {
            UnitRows = rows,
            SpikeUnits = _folder.Inputs.Indices($"raw.{index}.spike_unit_index", rows.Length, spikes),
            SpikeTimes = _folder.Inputs.Times(times, spikes),
            SessionRow = Row("session", sample.Text("session"), sessions),
            QueryTimes = [.. Enumerable.Range(index * Batch.Queries, Batch.Queries).Where(query => Batch.OutputMask?[query] ?? true).Select(query => Batch.OutputTimes[query])],
        };

        int Row(string key, string word, IReadOnlyList<string> words)
        {
            for (var row = 0; row < words.Count; row++)
            {
                if (words[row] == word) return row;
            }

            throw sample.Wrong(key, $"names '{word}', which is not in the vocabulary{NearestName.Hint(word, words)}.");
        }
    }

    private PoyoBatch ReadBatch()
    {
        var inputs = _folder.Inputs;
        var dim = Weights.Config.Dim;
        var shape = inputs.Shape("input_unit_index", 2);
        var (samples, tokens) = (shape[0], shape[1]);
        var latents = inputs.Shape("latent_index", 2)[1];
        var queries = inputs.Shape("output_timestamps", 2)[1];
        return new PoyoBatch
        {
            Samples = samples,
            Tokens = tokens,
            Latents = latents,
            Queries = queries,
            InputUnits = inputs.Indices("input_unit_index", Weights.Units.Length / dim, samples, tokens),
            InputTypes = inputs.Indices("input_token_type", PoyoTokenType.Rows, samples, tokens),
            InputTimes = inputs.Times("input_timestamps", samples, tokens),
            InputMask = inputs.Mask("input_mask", samples, tokens),
            LatentIndex = inputs.Indices("latent_index", Weights.Latents.Length / dim, samples, latents),
            LatentTimes = inputs.Times("latent_timestamps", samples, latents),
            Sessions = inputs.Indices("session_index", Weights.Sessions.Length / dim, samples),
            OutputTimes = inputs.Times("output_timestamps", samples, queries),
            OutputMask = inputs.Mask("output_mask", samples, queries),
        };
    }

    /// <summary>Number of the processor layer that a tensor belongs to; -1 for none.</summary>
    private static int Layer(string tensor)
    {
        const string prefix = "proc_layers.";
        if (!tensor.StartsWith(prefix, StringComparison.Ordinal)) return -1;
        return int.TryParse(tensor[prefix.Length..].Split('.')[0], out var layer) ? layer : -1;
    }
}
