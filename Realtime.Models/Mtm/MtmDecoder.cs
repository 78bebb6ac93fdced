using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Mtm;

/// <summary>
/// MtM live: one call is one bin, answered at its end. docs/mtm.md tells of modes, trials, lost bins and read-outs.
/// Source: Zhang et al. 2024 (arXiv 2407.14668).
/// </summary>
/// <remarks>
/// Tensors under upstream's names; settings are <see cref="MtmSettings"/>. One thread at a time; the counters may be read by any.
/// NaN is the answer where the model has none: before the first trial, behind its last position, and for bins ahead that lie behind it.
/// </remarks>
public sealed class MtmDecoder : IDecoder
{
    private readonly MtmStream _stream;
    private readonly BinClock _clock;
    private readonly OutputScale _scale;
    private readonly long _binNs;

    /// <param name="file">The model; it may be disposed afterwards.</param>
    /// <param name="kernels">Arithmetic; the best of this processor if null.</param>
    /// <exception cref="ModelFormatException">Settings, tensors and config do not agree, or cannot be decoded live.</exception>
    public MtmDecoder(ModelFile file, KernelSet? kernels = null)
    {
        var model = MtmModel.Read(file);
        var settings = model.Settings;
        _binNs = file.Config.BinNs;
        _stream = new MtmStream(model, _binNs, kernels ?? KernelSet.Best);
        var isTrial = settings.Mode == MtmLiveMode.Trial;
        var bins = !isTrial ? 0 : settings.TrialBins > 0 ? settings.TrialBins : settings.HyperParameters.MaxF;
        _clock = new BinClock(_binNs, bins, beginsAlone: !isTrial || settings.TrialBins > 0);
        _scale = new OutputScale(file, settings.OutputSd, settings.OutputMean);
        Description = file.Describe(_binNs) with { NeedsTrials = isTrial && settings.TrialBins == 0 };
    }

    /// <inheritdoc/>
    public DecoderDescription Description { get; }

    /// <summary>Spikes passed over because their unit is not one of the model's.</summary>
    public long UnknownUnitSpikes => _stream.UnknownUnitSpikes;

    /// <summary>Bins that may lack spikes, which no later bin sees.</summary>
    public long LostBins { get; private set; }

    /// <summary>Bins that never came, within a trial or a stretch, its beginning apart.</summary>
    public long MissingBins { get; private set; }

    /// <summary>Bins that never came at the beginning of a trial.</summary>
    public long MissingStartBins { get; private set; }

    /// <summary>How often a trial or a stretch was running when the source began anew, and was forgotten.</summary>
    public long Resets { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<DecoderCount> Counts =>
    [
        new("lost_bins", LostBins, "bins may lack spikes; they were answered from what arrived and hidden from later bins"),
        new("missing_bins", MissingBins, "bins within trials never came; later bins did without them"),
        new("missing_start_bins", MissingStartBins, "bins at the beginning of trials never came; the trials went on without them"),
        new("resets", Resets, "times the source began anew within a trial, whose rest has no answer where trials begin by events"),
    ];

    /// <inheritdoc/>
    public void Reset()
    {
        if (_clock.IsRunning) Resets++;
        _clock.Forget();
        _stream.Restart();
    }

    /// <summary>Nothing to forget: the next window's time tells which bins are missing, and no bin sees them.</summary>
    public void AfterGap()
    {
    }

    /// <summary>A stretch begins with the first bin that begins at or after the event; in the other modes events mean nothing.</summary>
    /// <param name="dataNs">Data time, ns.</param>
    public void BeginTrial(long dataNs)
    {
        if (Description.NeedsTrials) _clock.Begin(dataNs);
    }

    /// <inheritdoc/>
    public void Decode(in SpikeWindow window, Span<float> values)
    {
        var startNs = window.EndNs < long.MinValue + _binNs ? long.MinValue : window.EndNs - _binNs;
        if (!_clock.Place(startNs, out var begins, out var skipped))
        {
            values.Fill(float.NaN);
            return;
        }

        if (window.HasLoss) LostBins++;
        if (begins) MissingStartBins += skipped;
        else MissingBins += skipped;
        if (begins) _stream.Restart();
        _stream.Step(window, startNs, skipped, values);
        _scale.Apply(values);
    }
}
