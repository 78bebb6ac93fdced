using Realtime.Engine.Decoding;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>Makes the tokens of a window that may hold anything. One thread; allocates nothing per call.</summary>
internal sealed class LiveTokens
{
    private readonly NeuroformerConfig _config;
    private readonly int[] _unitTokens;
    private readonly int _limit;

    /// <param name="config">Sizes.</param>
    /// <param name="unitTokens">Id token of each unit row.</param>
    /// <param name="limit">Most spikes of a window that are looked at.</param>
    public LiveTokens(NeuroformerConfig config, IReadOnlyList<int> unitTokens, int limit)
    {
        (_config, _unitTokens, _limit) = (config, [.. unitTokens], limit);
        Current = new LiveSequence(config, config.BlockId, limit);
        Past = new LiveSequence(config, config.BlockPrevId, limit);
    }

    public LiveSequence Current { get; }

    public LiveSequence Past { get; }

    /// <summary>Spikes of the last window whose unit is not one of the model's.</summary>
    public int Unknown { get; private set; }

    /// <summary>Spikes of the last window beyond the limit, the oldest.</summary>
    public int Overflow { get; private set; }

    /// <summary>Reads a window.</summary>
    public void Read(in SpikeWindow window)
    {
        Unknown = 0;
        var spikes = Math.Min(window.TimesNs.Length, window.Units.Length);
        var known = 0;
        for (var i = 0; i < spikes; i++)
        {
            if (Elapsed(window, i) >= (ulong)(_config.CurrNs + _config.PrevNs)) continue;
            if ((uint)window.Units[i] < (uint)_unitTokens.Length) known++;
            else Unknown++;
        }

        Overflow = Math.Max(0, known - _limit);
        Current.Clear();
        Past.Clear();
        var skip = Overflow;
        for (var i = 0; i < spikes; i++)
        {
            var elapsed = Elapsed(window, i);
            if (elapsed >= (ulong)(_config.CurrNs + _config.PrevNs) || (uint)window.Units[i] >= (uint)_unitTokens.Length || skip-- > 0) continue;
            var neuron = _unitTokens[window.Units[i]];
            if ((long)elapsed >= _config.PrevNs) Current.Add((int)(((long)elapsed - _config.PrevNs) / _config.ResolutionNs), neuron);
            else Past.Add((int)((long)elapsed / _config.ResolutionNs), neuron);
        }

        Current.Build();
        Past.Build();
    }

    // From the start of the past interval; what lies outside the window wraps around to far more than its length.
    private ulong Elapsed(in SpikeWindow window, int spike) => unchecked((ulong)(window.TimesNs[spike] - (window.EndNs - _config.CurrNs - _config.PrevNs)));
}
