namespace Realtime.Models.Neuroformer;

/// <summary>
/// Turns spikes and frames into the tokens of a window, which is named by its end t: the current interval is [t - curr, t), the past one
/// [t - curr - prev, t - curr). Immutable; any thread.
/// Source: github.com/a-antoniades/Neuroformer, neuroformer/data_utils.py (NFDataloader).
/// </summary>
public sealed class NeuroformerTokenizer
{
    private readonly NeuroformerConfig _config;

    /// <exception cref="ArgumentException">The configuration contradicts itself.</exception>
    public NeuroformerTokenizer(NeuroformerConfig config)
    {
        NeuroformerConfigCheck.Check(config);
        _config = config;
    }

    /// <summary>The tokens of one interval: SOS, the last length - 2 spikes, EOS, then PAD up to length + 1 places.</summary>
    /// <param name="spikes">In the order of tokens (<see cref="NeuroformerSpike.CompareTo"/>).</param>
    /// <param name="length">Tokens that the network takes, T or P.</param>
    /// <exception cref="ArgumentException">A neuron or a bin is outside the vocabulary.</exception>
    public NeuroformerSequence Sequence(ReadOnlySpan<NeuroformerSpike> spikes, int length)
    {
        foreach (var spike in spikes)
        {
            if ((uint)spike.Neuron >= (uint)_config.Neurons)
                throw new ArgumentException($"A spike is of neuron {spike.Neuron}; the vocabulary has {_config.Neurons} neurons, from 0.", nameof(spikes));
            if ((uint)spike.Bin >= (uint)_config.DtBins)
                throw new ArgumentException($"A spike is in time bin {spike.Bin}; the vocabulary has {_config.DtBins} bins, from 0.", nameof(spikes));
        }

        var cut = Math.Max(0, spikes.Length - (length - 2));
        var kept = spikes[cut..];
        var (ids, times) = (new int[length + 1], new int[length + 1]);
        (ids[0], times[0]) = (_config.Sos, 0);

        // NB: upstream cuts dts from the left of (0, dts, EOS), so that with too many spikes SOS carries the dt of the last spike that was cut.
        if (cut > 0) times[0] = spikes[cut - 1].Bin;
        for (var i = 0; i < kept.Length; i++) (ids[i + 1], times[i + 1]) = (kept[i].Neuron, kept[i].Bin);
        var eos = kept.Length + 1;
        (ids[eos], times[eos]) = (_config.Eos, _config.DtEos);
        ids.AsSpan(eos + 1).Fill(_config.Pad);
        times.AsSpan(eos + 1).Fill(_config.DtPad);
        return new(ids, times, length - eos, cut);
    }

    /// <summary>The network's input.</summary>
    /// <param name="current">Of T tokens.</param>
    /// <param name="past">Of P tokens.</param>
    /// <param name="frames">[frames, height, width], or null.</param>
    /// <param name="inputs">By group and variable, dt in seconds of the inputs that are there; empty for none.</param>
    public static NeuroformerWindow Window(
        NeuroformerSequence current, NeuroformerSequence past, float[]? frames = null, IReadOnlyList<IReadOnlyList<double?>>? inputs = null) => new()
        {
            Ids = current.Ids[..^1],
            Times = Array.ConvertAll(current.Times[..^1], time => (float)time),
            Pad = current.Pad,
            PastIds = past.Ids[..^1],
            PastTimes = Array.ConvertAll(past.Times[..^1], time => (float)time),
            Cut = current.Cut,
            Frames = frames,
            Inputs = inputs ?? [],
        };

    /// <summary>Tokens of the current and the past interval, from spike times.</summary>
    /// <param name="times">ns, in any order; spikes outside both intervals are passed over.</param>
    /// <param name="neurons">Id token of each spike; negative ones are passed over (units that the model does not know).</param>
    /// <param name="endNs">End of the window.</param>
    /// <exception cref="ArgumentException">The two differ in number, or a neuron is outside the vocabulary.</exception>
    public (NeuroformerSequence Current, NeuroformerSequence Past) Sequences(ReadOnlySpan<long> times, ReadOnlySpan<int> neurons, long endNs)
    {
        if (times.Length != neurons.Length) throw new ArgumentException($"There are {times.Length} times and {neurons.Length} neurons.", nameof(neurons));
        var (start, pastStart) = (endNs - _config.CurrNs, endNs - _config.CurrNs - _config.PrevNs);
        var (current, past) = (new List<NeuroformerSpike>(), new List<NeuroformerSpike>());
        for (var i = 0; i < times.Length; i++)
        {
            if (neurons[i] < 0 || times[i] < pastStart || times[i] >= endNs) continue;
            if (times[i] >= start) current.Add(new((int)((times[i] - start) / _config.ResolutionNs), neurons[i]));
            else past.Add(new((int)((times[i] - pastStart) / _config.ResolutionNs), neurons[i]));
        }

        current.Sort();
        past.Sort();
        return (Sequence([.. current], _config.BlockId), Sequence([.. past], _config.BlockPrevId));
    }

    /// <summary>Tokens of the current and the past interval, from counts.</summary>
    /// <param name="counts">[neurons, bins], whole numbers; a count of k gives k tokens.</param>
    /// <param name="bins">Columns of the counts.</param>
    /// <param name="end">End of the window, s.</param>
    public (NeuroformerSequence Current, NeuroformerSequence Past) Sequences(ReadOnlySpan<int> counts, int bins, double end)
    {
        var columns = Columns(end);
        return (Sequence(Spikes(counts, bins, columns.First, columns.End), _config.BlockId), Sequence(Spikes(counts, bins, columns.PastFirst, columns.First), _config.BlockPrevId));
    }

    /// <summary>The columns of a window, with upstream's rounding: borders to the nearest bin, halves to the even one, none below 0.</summary>
    /// <remarks>Upstream also rounds borders to 1/100 s, which is nothing at its resolution of 0.01 s and wrong at a finer one; left out.</remarks>
    /// <param name="end">End of the window, s.</param>
    public NeuroformerColumns Columns(double end)
    {
        var r = _config.ResolutionDt;
        var start = Math.Round((end - _config.WindowCurr) / r);
        var past = Math.Round((start * r - _config.WindowPrev) / r);
        var last = Math.Round((start * r + _config.WindowCurr) / r);
        return new(Clamp(past), Clamp(start), Clamp(last));

        static int Clamp(double column) => (int)Math.Clamp(column, 0, int.MaxValue);
    }

    /// <summary>
    /// The first frame of a window's; as many as the configuration says follow. With a look-ahead of 1 upstream's choice: the last one is
    /// the frame that is shown after the window's end. At a recording's start and end the nearest frames stand for those that are not there.
    /// </summary>
    /// <param name="end">End of the window, s.</param>
    /// <param name="available">Frames of the stimulus.</param>
    /// <param name="lookAhead">Frames after the window's end that belong to it.</param>
    /// <exception cref="ArgumentException">The model takes no frames, or there are fewer frames than one window takes.</exception>
    public int FirstFrame(double end, int available, int lookAhead = 0)
    {
        var frames = _config.Frames ?? throw new ArgumentException("The model takes no frames.", nameof(available));
        if (available < frames.Count) throw new ArgumentException($"The stimulus has {available} frames; one window takes {frames.Count}.", nameof(available));
        var period = 1 / frames.Rate;
        return (int)Math.Clamp(Math.Round((end + lookAhead * period) / period), frames.Count, available) - frames.Count;
    }

    /// <summary>The spikes of some columns in the order of tokens, bins from the first of them.</summary>
    /// <param name="counts">[neurons, bins]; a count of k gives k spikes.</param>
    /// <param name="bins">Columns of the counts.</param>
    /// <param name="first">First column.</param>
    /// <param name="end">Column after the last; columns that are not there are empty.</param>
    public NeuroformerSpike[] Spikes(ReadOnlySpan<int> counts, int bins, int first, int end)
    {
        var spikes = new List<NeuroformerSpike>();
        for (var column = first; column < Math.Min(end, bins); column++)
        {
            for (var neuron = 0; neuron < _config.Neurons; neuron++)
                for (var k = counts[neuron * bins + column]; k > 0; k--) spikes.Add(new(column - first, neuron));
        }

        return [.. spikes];
    }
}
