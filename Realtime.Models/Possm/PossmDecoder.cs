using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;
using Realtime.Models.Transformer;
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

    private readonly PossmSettings _settings;
    private readonly PossmStream _stream;
    private readonly OutputScale _scale;
    private int _chunks;

    /// <param name="file">The model; it may be disposed afterwards.</param>
    /// <param name="options">Limits; the hop is the chunk whatever they say, and one thread computes.</param>
    /// <param name="kernels">Arithmetic; the best of this processor if null.</param>
    /// <exception cref="ModelFormatException">Settings, tensors and config do not agree, or cannot be decoded live.</exception>
    public PossmDecoder(ModelFile file, DecoderOptions options, KernelSet? kernels = null)
    {
        _settings = SettingsJson.Read<PossmSettings>(file.Config.Settings, file.Name, "config.settings");
        var weights = PossmWeights.Read(new WeightReader(file.Tensors), _settings.HyperParameters);
        PossmFileCheck.Check(file, _settings, weights);
        TokenMemory.Check(file, options.MaxWindowSpikes, weights.Config.NumLatents * weights.Config.CrossHeads + 2 * weights.Config.DimHead);
        _scale = new OutputScale(file, _settings.OutputSd, _settings.OutputMean);
        _stream = new PossmStream(weights, file.Config.BinNs, new PossmStreamOptions
        {
            UnitRows = _settings.UnitRows,
            SessionRow = VocabularyCheck.Session(file, _settings.SessionVocab, _settings.Session),
            Task = _settings.Task,
            TaskId = _settings.Tasks.Index().First(task => task.Item == _settings.Task).Index + 1,
            VisibleTokens = _settings.VisibleTokens,
            QueryLag = _settings.QueryLag,
            MaxSpikes = options.MaxWindowSpikes,
        }, kernels);
        Description = file.Describe(file.Config.BinNs);
    }

    /// <inheritdoc/>
    public DecoderDescription Description { get; }

    /// <summary>Spikes passed over because their chunk held more than the most that are decoded.</summary>
    public long OverflowSpikes => _stream.OverflowSpikes;

    /// <summary>Spikes passed over because their unit is not one of the model's.</summary>
    public long UnknownUnitSpikes => _stream.UnknownUnitSpikes;

    /// <inheritdoc/>
    public IReadOnlyList<DecoderCount> Counts =>
    [
        new("overflow_spikes", OverflowSpikes, "spikes were passed over because their chunk held more than ticks.max_window_spikes"),
    ];

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
        _scale.Apply(values);
        var isFinite = true;
        foreach (var value in values) isFinite &= float.IsFinite(value);

        // NB: a state that is not finite would never recover; this answer tells of it, the next begins anew.
        if (!isFinite) Reset();
    }
}
