using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;
using Realtime.Models.Neuroformer.Live;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer;

/// <summary>
/// Neuroformer's behaviour heads live: a transformer over the spikes of the current window, which attends those of the past window and the last video
/// frames. Answers depend on the window and the frames alone, so any hop will do; a window costs a full pass, of which <see cref="Prepare"/> does what it can
/// before the window closes. Settings: <see cref="NeuroformerSettings"/>; tensors under upstream's names; docs/neuroformer.md tells of frames, limits and alignment.
/// Source: Antoniades et al. 2024 (arXiv 2311.00136).
/// </summary>
/// <remarks>
/// Outputs are the targets of the settings' group: one for a regression, the probability of each class for a classification. Where frames are needed and
/// missing, or older than <see cref="NeuroformerSettings.FrameHold"/>, the answer is NaN. One thread at a time; the counters may be read by any.
/// </remarks>
public sealed class NeuroformerDecoder : IDecoder, IDisposable
{
    /// <summary>The name of this kind of model in config files.</summary>
    public const string Kind = NeuroformerKind.Name;

    private readonly LiveNeuroformer _live;
    private readonly OutputScale _scale;

    /// <param name="file">The model; it may be disposed afterwards.</param>
    /// <param name="options">Limits, threads.</param>
    /// <param name="kernels">Arithmetic; the best of this processor if null.</param>
    /// <exception cref="ModelFormatException">Settings, tensors and config do not agree, or cannot be decoded live.</exception>
    public NeuroformerDecoder(ModelFile file, DecoderOptions options, KernelSet? kernels = null)
    {
        var settings = ReadSettings(file);
        NeuroformerFileCheck.Check(file, settings);
        TokenMemory.Check(file, options.MaxWindowSpikes, 2 * sizeof(long) / sizeof(float));
        _scale = new OutputScale(file, settings.OutputSd, settings.OutputMean);
        var config = settings.HyperParameters;
        _live = new LiveNeuroformer(NeuroformerWeights.Read(new WeightReader(file.Tensors), config), settings, options, kernels ?? KernelSet.Best);
        Description = file.Describe(hopNs: 0) with
        {
            Frames = LiveNeuroformer.ReadsFrames(config) ? new FrameShape(config.Frames!.Height, config.Frames.Width) : null,
            FramesOptional = settings.FramesOptional,
            FrameReachNs = LiveNeuroformer.ReadsFrames(config) ? new FrameClip(config.Frames!, settings.FrameHold, settings.FrameLookAhead).ReachNs : 0,
        };
    }

    /// <inheritdoc/>
    public DecoderDescription Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> PlacementProblems => _live.PlacementProblems;

    /// <summary>Spikes of current windows that did not fit their T - 2 places, the oldest of each window.</summary>
    public long CutSpikes { get; private set; }

    /// <summary>Spikes of past windows that did not fit their P - 2 places.</summary>
    public long CutPastSpikes { get; private set; }

    /// <summary>Spikes passed over because a window held more than the most that are decoded.</summary>
    public long OverflowSpikes { get; private set; }

    /// <summary>Spikes passed over because their unit is not one of the model's; a spike counts in each window that holds it.</summary>
    public long UnknownUnitSpikes { get; private set; }

    /// <summary>Windows for which frames were missing: not answered, or answered without the stimulus where the settings allow it.</summary>
    public long WindowsWithoutFrames { get; private set; }

    /// <summary>Frames passed over because they were of another size, or not later than the one before.</summary>
    public long RefusedFrames => _live.RefusedFrames;

    /// <inheritdoc/>
    public IReadOnlyList<DecoderCount> Counts =>
    [
        new("cut_spikes", CutSpikes, "spikes were left out, the oldest of their window, because the model has places for no more"),
        new("cut_past_spikes", CutPastSpikes, "spikes were left out of the past window because the model has places for no more"),
        new("overflow_spikes", OverflowSpikes, "spikes were passed over because their window held more than ticks.max_window_spikes"),
        new("windows_without_frames", WindowsWithoutFrames, "windows had no video frames, or none young enough"),
        new("refused_frames", RefusedFrames, "video frames were of another size than the model's, or not later than the one before"),
    ];

    /// <summary>The settings of a model file of this kind.</summary>
    /// <exception cref="ModelFormatException">They cannot be read.</exception>
    public static NeuroformerSettings ReadSettings(ModelFile file) => SettingsJson.Read<NeuroformerSettings>(file.Config.Settings, file.Name, "config.settings");

    /// <inheritdoc/>
    public void Reset() => _live.Reset();

    /// <summary>Forgets nothing: windows do not depend on each other, and frames grow old by themselves.</summary>
    public void AfterGap()
    {
    }

    /// <inheritdoc/>
    public void TakeFrame(long dataNs, ReadOnlySpan<float> pixels) => _live.TakeFrame(dataNs, pixels);

    /// <inheritdoc/>
    public bool Prepare(in SpikeWindow soFar, long settledNs) => _live.Prepare(soFar, settledNs);

    /// <inheritdoc/>
    public void Decode(in SpikeWindow window, Span<float> values)
    {
        if (_live.Run(window, values)) _scale.Apply(values);
        else values.Fill(float.NaN);
        var tokens = _live.Tokens;
        CutSpikes += tokens.Current.Cut;
        CutPastSpikes += tokens.Past.Cut;
        OverflowSpikes += tokens.Overflow;
        UnknownUnitSpikes += tokens.Unknown;
        if (_live.LacksFrames) WindowsWithoutFrames++;
    }

    public void Dispose() => _live.Dispose();
}
