using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;

namespace Realtime.Models.Mtm;

/// <summary>
/// MtM bin by bin, live: the arithmetic of <see cref="MtmNetwork"/> rearranged exactly. One thread at a time; allocates nothing per bin; the same bins
/// after a restart give the same bits.
/// </summary>
internal sealed class MtmStream
{
    private readonly BinInput _input;
    private readonly ILiveTrunk _trunk;
    private readonly LiveReadout _readout;
    private readonly float[] _bin;
    private readonly float[] _states;

    /// <param name="model">The model.</param>
    /// <param name="binNs">Length of a bin.</param>
    /// <param name="kernels">Arithmetic.</param>
    public MtmStream(MtmModel model, long binNs, KernelSet kernels)
    {
        var (settings, width) = (model.Settings, model.Weights.Config.HiddenSize);
        _input = new BinInput(model, kernels);
        var nothing = new float[width];
        _input.EmbedNothing(nothing);
        _trunk = settings.Mode == MtmLiveMode.Sliding ? new SlidingTrunk(model, nothing, kernels) : new KeptTrunk(model, nothing, kernels);
        _readout = new LiveReadout(model, binNs, kernels);
        _bin = new float[width];
        _states = new float[(settings.ForwardBins + settings.HeadBins) * width];
    }

    /// <summary>Spikes passed over because their unit is not one of the model's.</summary>
    public long UnknownUnitSpikes => _input.UnknownUnitSpikes;

    /// <summary>Forgets all bins.</summary>
    public void Restart()
    {
        _trunk.Restart();
        Array.Clear(_states);
    }

    /// <summary>Takes the next bin and answers.</summary>
    /// <param name="window">Spikes before <paramref name="fromNs"/> do not count; what may be lost is hidden from later bins.</param>
    /// <param name="fromNs">The bin's start.</param>
    /// <param name="skipped">Bins missing before it.</param>
    /// <param name="values">Receives the read-out's outputs.</param>
    public void Step(in SpikeWindow window, long fromNs, int skipped, Span<float> values)
    {
        _input.Embed(window, fromNs, _bin);
        Step(skipped, window.HasLoss, values);
    }

    /// <summary>Takes the next bin as counts of the neurons, and answers.</summary>
    public void Step(ReadOnlySpan<float> counts, int skipped, bool lost, Span<float> values)
    {
        _input.Embed(counts, _bin);
        Step(skipped, lost, values);
    }

    private void Step(int skipped, bool lost, Span<float> values)
    {
        var ahead = _trunk.Step(_bin, skipped, lost, _states);
        _readout.Read(_states, ahead, values);
    }
}
