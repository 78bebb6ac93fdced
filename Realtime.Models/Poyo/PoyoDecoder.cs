using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Poyo;

/// <summary>
/// POYO live: a transformer over the single spikes of the last second, asked about the window's end. Stateless in what it answers, so any hop will do; a hop that
/// divides the latents' step lets it keep a part of its work from window to window. Settings: <see cref="PoyoSettings"/>; tensors under upstream's names.
/// Source: Azabou et al. 2023 (arXiv 2310.16046).
/// </summary>
public sealed class PoyoDecoder : IDecoder, IDisposable
{
    /// <summary>The name of this kind of model in config files.</summary>
    public const string Kind = "poyo";

    private readonly LivePoyo _live;
    private readonly WindowEdges _edges;
    private readonly OutputScale _scale;

    /// <param name="file">The model; it may be disposed afterwards.</param>
    /// <param name="options">Hop, limits, threads.</param>
    /// <param name="kernels">Arithmetic; null for the best this processor has.</param>
    /// <exception cref="ModelFormatException">Tensors, settings and config do not agree.</exception>
    public PoyoDecoder(ModelFile file, DecoderOptions options, KernelSet? kernels = null)
    {
        var settings = SettingsJson.Read<PoyoSettings>(file.Config.Settings, file.Name, "config.settings");
        var weights = PoyoWeights.Read(new WeightReader(file.Tensors), settings.HyperParameters);
        var windowNs = (long)Math.Round(settings.HyperParameters.SequenceLength * 1e9);
        Check(file, settings, weights, windowNs);
        TokenMemory.Check(file, options.MaxWindowSpikes, weights.EncoderAttention.Inner);
        _scale = new OutputScale(file, settings.OutputSd, settings.OutputMean);
        _edges = new WindowEdges(windowNs, settings.UnitRows.Count, options.MaxWindowSpikes);
        _live = new LivePoyo(weights, settings.UnitRows, VocabularyCheck.Session(file, settings.SessionVocab, settings.Session), settings.QueryLag, options, kernels ?? KernelSet.Best);
        Description = file.Describe(hopNs: 0);
    }

    /// <inheritdoc/>
    public DecoderDescription Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> PlacementProblems => _live.PlacementProblems;

    /// <summary>Spikes that were left out because their unit is not one of the model's.</summary>
    public long UnknownUnitSpikes => _edges.Unknown;

    /// <summary>Spikes that were left out because a window held more than the most that are decoded.</summary>
    public long OverflowSpikes => _edges.Overflow;

    /// <inheritdoc/>
    public IReadOnlyList<DecoderCount> Counts =>
    [
        new("overflow_spikes", OverflowSpikes, "spikes were passed over because their window held more than ticks.max_window_spikes"),
    ];

    /// <inheritdoc/>
    public void Reset() => _live.Reset();

    /// <inheritdoc/>
    public void Decode(in SpikeWindow window, Span<float> values)
    {
        _edges.Cut(in window);
        _live.Run(window.EndNs, _edges.TimesNs, _edges.Units, values);
        _scale.Apply(values);
    }

    public void Dispose() => _live.Dispose();

    private static void Check(ModelFile file, PoyoSettings settings, PoyoWeights weights, long windowNs)
    {
        VocabularyCheck.Units(file, settings.UnitVocab, settings.UnitRows, weights.Units.Length / weights.Config.Dim);
        VocabularyCheck.Sessions(file, settings.SessionVocab, weights.Sessions.Length / weights.Config.Dim);
        if (file.Config.BinNs * file.Config.Lags != windowNs)
            throw Wrong("bin_ns", $"gives a window of {file.Config.BinNs * file.Config.Lags} ns; sequence_length is {settings.HyperParameters.SequenceLength} s.");
        if (file.Config.Outputs.Count != weights.Outputs)
            throw Wrong("outputs", $"names {file.Config.Outputs.Count} outputs; the readout has {weights.Outputs}.");
        if (!(settings.QueryLag >= 0 && settings.QueryLag <= settings.HyperParameters.SequenceLength))
            throw Wrong("settings.query_lag", $"is {settings.QueryLag} s; from 0 to the window's {settings.HyperParameters.SequenceLength} s are possible.");

        ModelFormatException Wrong(string key, string what) => new(file.Name, "config." + key, what, "Import or train the model again.");
    }
}
