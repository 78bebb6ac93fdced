using System.Text.Json;
using Realtime.Engine.Text;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Possm;

/// <summary>A golden folder of a POSSM model, read and checked.</summary>
public sealed class PossmGolden
{
    private const string LateOmega = "late.dec_rotary_emb.omega";
    private const int TokenTypes = 4;

    private readonly GoldenFolder _folder;
    private readonly GoldenConfig _config;

    /// <exception cref="ModelFormatException">The folder's files contradict each other.</exception>
    public PossmGolden(GoldenFolder folder)
    {
        _folder = folder;
        _config = GoldenConfig.Of(folder);
        var given = _config.Object("hyper_parameters");
        Weights = PossmWeights.Read(new WeightReader(folder.Weights), new PossmConfig
        {
            SequenceLength = given.Number("sequence_length"),
            BinWidth = given.Number("bin_width"),
            BinStep = given.Number("bin_step"),
            NumLatents = given.Whole("num_latents"),
            Dim = given.Whole("dim"),
            Depth = given.Whole("depth"),
            DimHead = given.Whole("dim_head"),
            CrossHeads = given.Whole("cross_heads"),
            SelfHeads = given.Whole("self_heads"),
            RnnDim = given.Whole("rnn_dim"),
            NumRnnLayers = given.Whole("num_rnn_layers"),
            OutputCaCtxLim = given.Whole("output_ca_ctx_lim"),
        });
        Tasks = ReadTasks();
        Batch = ReadBatch();
    }

    /// <summary>The model as its weights have it.</summary>
    public PossmWeights Weights { get; }

    /// <summary>The model with the late revision's decoder; null when no frequencies for it are known.</summary>
    public PossmWeights? LateWeights => Weights.IsLate ? Weights
        : !_folder.Outputs.Tensors.ContainsKey(LateOmega) ? null
        : Weights with { DecoderOmega = new WeightReader(_folder.Outputs).Floats(LateOmega, Weights.Config.DimHead / 2) };

    /// <summary>Names of the tasks by id; the first has id 1.</summary>
    public IReadOnlyList<string> Tasks { get; }

    /// <summary>What the model was given.</summary>
    public PossmBatch Batch { get; }

    /// <summary>Whether the raw spikes are there too.</summary>
    public bool HasRaw => _folder.Inputs.Tensors.Keys.Any(name => name.StartsWith("raw.", StringComparison.Ordinal));

    /// <summary>Whether latents were not made by the tokeniser.</summary>
    public bool HasLatentsByHand => _folder.Config.TryGetProperty("latents_given_by_hand", out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>The raw spikes and queries.</summary>
    /// <exception cref="ModelFormatException">Words, spikes or queries are missing, or do not fit each other.</exception>
    public IReadOnlyList<PossmSample> ReadSamples()
    {
        var described = _config.Objects("samples");
        if (described.Count != Batch.Samples) throw _config.Wrong("samples", $"describes {described.Count} samples, but the inputs hold {Batch.Samples}.");
        var units = _config.Texts("unit_vocab");
        var sessions = _config.Texts("session_vocab");
        return [.. described.Select((sample, index) => ReadSample(sample, index, units, sessions))];
    }

    private PossmSample ReadSample(GoldenConfig sample, int index, IReadOnlyList<string> units, IReadOnlyList<string> sessions)
    {
        var inputs = _folder.Inputs;
        var rows = sample.Texts("units").Select(word => Row("units", word, units, Weights.UnitCount)).ToArray();
        var times = $"raw.{index}.spike_timestamps";
        var spikes = inputs.Shape(times, 1)[0];
        _ = sample.Object("num_queries");
        var queried = _folder.Config.GetProperty("samples")[index].GetProperty("num_queries").EnumerateObject().Select(task => task.Name);
        return new PossmSample
        {
            Length = sample.Number("sequence_length"),
            SpikeRows = Array.ConvertAll(inputs.Indices($"raw.{index}.spike_unit_index", rows.Length, spikes), unit => rows[unit]),
            SpikeTimes = inputs.Times(times, spikes),
            SessionRow = Row("session", sample.Text("session"), sessions, Weights.SessionCount),
            Queries = [.. queried.Select(task => ReadQueries(sample, index, task))],
        };

        int Row(string key, string word, IReadOnlyList<string> words, int count)
        {
            for (var row = 0; row < Math.Min(words.Count, count); row++)
            {
                if (words[row] == word) return row;
            }

            throw sample.Wrong(key, $"names '{word}', which is not in the vocabulary{NearestName.Hint(word, words)}.");
        }
    }

    private PossmQueries ReadQueries(GoldenConfig sample, int index, string task)
    {
        var id = Tasks.Index().FirstOrDefault(entry => entry.Item == task, (Index: -1, Item: task)).Index + 1;
        if (id == 0) throw sample.Wrong("num_queries", $"names the task '{task}', which readout_tasks does not{NearestName.Hint(task, Tasks)}.");
        var times = $"raw.{index}.query_timestamps.{task}";
        return new PossmQueries(id, _folder.Inputs.Times(times, _folder.Inputs.Shape(times, 1)[0]));
    }

    private string[] ReadTasks()
    {
        var described = _config.Object("readout_tasks");
        var names = _folder.Config.GetProperty("readout_tasks").EnumerateObject().Select(task => task.Name).OrderBy(task => described.Object(task).Whole("id")).ToArray();
        for (var index = 0; index < names.Length; index++)
        {
            var task = described.Object(names[index]);
            if (task.Whole("id") != index + 1) throw task.Wrong("id", $"is {task.Whole("id")}; ids count from 1 without holes.");
            if (!Weights.Readouts.TryGetValue(names[index], out var readout))
                throw described.Wrong(names[index], $"has no readout in the weights{NearestName.Hint(names[index], Weights.Readouts.Keys)}.");
            if (task.Whole("dim") != readout.Outputs) throw task.Wrong("dim", $"is {task.Whole("dim")}, but the readout has {readout.Outputs} rows.");
        }

        if (names.Length != Weights.Readouts.Count)
            throw _config.Wrong("readout_tasks", $"names {names.Length} tasks, but the weights have {Weights.Readouts.Count} readouts.");
        return names;
    }

    private PossmBatch ReadBatch()
    {
        var inputs = _folder.Inputs;
        var shape = inputs.Shape("spike_unit_index", 3);
        var (samples, chunks, tokens) = (shape[0], shape[1], shape[2]);
        var latents = inputs.Shape("latent_index", 2)[1];
        var queries = inputs.Shape("output_timestamps", 2)[1];
        if (latents != Weights.Config.NumLatents)
        {
            throw new ModelFormatException(inputs.Name, "latent_index", $"holds {latents} latents of a chunk, but num_latents is {Weights.Config.NumLatents}.",
                "Give each latent of a chunk once.");
        }

        var batch = new PossmBatch(samples, chunks, tokens, latents, queries);
        inputs.Indices("spike_unit_index", Weights.UnitCount, samples, chunks, tokens).CopyTo(batch.UnitRows, 0);
        inputs.Indices("spike_type", TokenTypes, samples, chunks, tokens).CopyTo(batch.TokenTypes, 0);
        Array.ConvertAll(inputs.Times("spike_timestamps", samples, chunks, tokens), time => (float)time).CopyTo(batch.TokenTimes, 0);
        var shown = inputs.Mask("input_mask", samples, chunks, tokens)
            ?? throw new ModelFormatException(inputs.Name, "input_mask", "the tensor is missing.", "Export the mask that the model was given.");
        shown.CopyTo(batch.InputMask, 0);
        (inputs.Mask("token_mask", samples, chunks, tokens) ?? shown).CopyTo(batch.TokenMask, 0);
        inputs.Indices("n_intervals", chunks + 1, samples).CopyTo(batch.ChunkCounts, 0);
        inputs.Indices("latent_index", Weights.Config.NumLatents, samples, latents).CopyTo(batch.LatentRows, 0);
        inputs.Times("latent_timestamps", samples, latents).CopyTo(batch.LatentTimes, 0);
        inputs.Indices("output_session_index", Weights.SessionCount, samples, queries).CopyTo(batch.SessionRows, 0);
        inputs.Indices("output_decoder_index", Tasks.Count + 1, samples, queries).CopyTo(batch.TaskIds, 0);
        inputs.Times("output_timestamps", samples, queries).CopyTo(batch.QueryTimes, 0);
        inputs.Indices("output_bin_index", chunks + 2, samples, queries).CopyTo(batch.QueryChunks, 0);
        (inputs.Mask("output_mask", samples, queries) ?? Array.ConvertAll(batch.TaskIds, task => task > 0)).CopyTo(batch.QueryMask, 0);
        return batch;
    }
}
