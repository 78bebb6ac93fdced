using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;
using Realtime.Models.Weights;

namespace Realtime.Models.Possm;

/// <summary>
/// POSSM with the GRU backbone, live: one call is one chunk, answered at its end from the last chunks' hidden states. Must be called at hops
/// of one chunk; the state is carried from call to call. docs/possm.md tells of masks, resets and limits.
/// Source: Ryoo et al. 2025 (arXiv 2506.05320).
/// </summary>
/// <remarks>
/// Tensors under upstream's names; settings are <see cref="PossmSettings"/>. One thread at a time; the counters may be read by any.
/// </remarks>
public sealed class PossmDecoder : IDecoder
{
    /// <summary>The name of this kind of model in config files.</summary>
    public const string Kind = "possm";

    // 1 GB in float32: more does not answer within a chunk anyway.
    private const long MaxTable = 1L << 28;

    private readonly PossmSettings _settings;
    private readonly PossmStream _stream;
    private readonly float[] _sd;
    private readonly float[] _mean;
    private int _chunks;

    /// <param name="file">The model.</param>
    /// <param name="options">Limits; the hop is the chunk whatever they say, and one thread computes.</param>
    /// <param name="kernels">Arithmetic; the best of this processor if null.</param>
    /// <exception cref="ModelFormatException">Settings, tensors and config do not agree, or cannot be decoded live.</exception>
    public PossmDecoder(ModelFile file, DecoderOptions options, KernelSet? kernels = null)
    {
        _settings = PossmSettingsJson.Read(file);
        var weights = PossmWeights.Read(new WeightReader(file.Tensors), _settings.HyperParameters);
        Check(file, weights);
        _stream = new PossmStream(weights, file.Config.BinNs, new PossmStreamOptions
        {
            UnitRows = _settings.UnitRows,
            SessionRow = IndexOf(_settings.SessionVocab, _settings.Session),
            Task = _settings.Task,
            TaskId = IndexOf(_settings.Tasks, _settings.Task) + 1,
            VisibleTokens = _settings.VisibleTokens,
            QueryLag = _settings.QueryLag,
            MaxSpikes = Math.Max(1, options.MaxWindowSpikes),
        }, kernels);
        var outputs = file.Config.Outputs.Count;
        _sd = _settings.OutputSd.Count == 0 ? Enumerable.Repeat(1f, outputs).ToArray() : [.. _settings.OutputSd.Select(value => (float)value)];
        _mean = _settings.OutputMean.Count == 0 ? new float[outputs] : [.. _settings.OutputMean.Select(value => (float)value)];
        Description = file.Describe(file.Config.BinNs);
    }

    /// <inheritdoc/>
    public DecoderDescription Description { get; }

    /// <summary>Spikes passed over because their chunk held more than the most that are decoded.</summary>
    public long SpikesBeyondLimit => _stream.SpikesBeyondLimit;

    /// <summary>Spikes passed over because their unit is not one of the model's.</summary>
    public long SpikesOfUnknownUnits => _stream.SpikesOfUnknownUnits;

    /// <inheritdoc/>
    public void Reset()
    {
        _stream.Reset();
        _chunks = 0;
    }

    /// <summary>Starts again from zero if the model's settings say so; else the next chunk is taken as if it followed the last one.</summary>
    public void AfterGap()
    {
        if (_settings.ResetOnGap) Reset();
    }

    /// <inheritdoc/>
    public void Decode(in SpikeWindow window, Span<float> values)
    {
        if (_settings.ResetEveryChunks > 0 && _chunks == _settings.ResetEveryChunks) Reset();
        _chunks++;
        _stream.Step(window, values);
        var isFinite = true;
        for (var output = 0; output < _sd.Length; output++)
        {
            values[output] = values[output] * _sd[output] + _mean[output];
            isFinite &= float.IsFinite(values[output]);
        }

        // NB: a state that is not finite would never recover; this answer tells of it, the next begins anew.
        if (!isFinite) Reset();
    }

    private static int IndexOf(IReadOnlyList<string> words, string word) => words.Index().First(entry => entry.Item == word).Index;

    /// <summary>What settings and weights must agree on.</summary>
    private void Check(ModelFile file, PossmWeights weights)
    {
        const string again = "Weights and settings are not of one model: import or fit it again.";
        var config = weights.Config;
        Same("settings.unit_vocab", _settings.UnitVocab.Count, "unit_emb.weight", weights.UnitCount);
        Same("settings.session_vocab", _settings.SessionVocab.Count, "session_emb.weight", weights.SessionCount);
        Same("settings.tasks", _settings.Tasks.Count, "readout.projections", weights.Readouts.Count);
        var missing = _settings.Tasks.FirstOrDefault(task => !weights.Readouts.ContainsKey(task));
        if (missing is not null) throw new ModelFormatException(file.Name, $"readout.projections.{missing}.weight", "the tensor is missing.", again);
        Same("outputs", file.Config.Outputs.Count, $"readout.projections.{_settings.Task}.bias", weights.Readouts[_settings.Task].Outputs);
        var groups = (long)config.NumLatents * config.CrossHeads;
        Fits("num_latents", groups * config.DimHead * 2 * (_settings.UnitRows.Count + 1));
        Fits("output_ca_ctx_lim", (long)config.OutputCaCtxLim * config.CrossHeads * config.RnnDim);

        void Same(string key, int count, string tensor, int rows)
        {
            if (count != rows) throw new ModelFormatException(file.Name, "config." + key, $"has {count} entries, but '{tensor}' has {rows}.", again);
        }

        void Fits(string key, long numbers)
        {
            if (numbers > MaxTable)
            {
                throw new ModelFormatException(file.Name, "config.settings.hyper_parameters." + key,
                    $"asks for a table of {numbers} numbers; up to {MaxTable} are possible.", "A model of this size cannot be decoded live.");
            }
        }
    }
}
