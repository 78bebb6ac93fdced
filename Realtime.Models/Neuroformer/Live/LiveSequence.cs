namespace Realtime.Models.Neuroformer.Live;

/// <summary>
/// SOS, spikes, EOS and PAD of one interval, as <see cref="NeuroformerTokenizer"/> makes them. One thread; allocates nothing after construction.
/// </summary>
internal sealed class LiveSequence
{
    private readonly NeuroformerConfig _config;
    private readonly long[] _spikes;

    /// <param name="config">Vocabulary.</param>
    /// <param name="length">Tokens, T or P.</param>
    /// <param name="maxSpikes">Most spikes taken between two calls of <see cref="Clear"/>.</param>
    public LiveSequence(NeuroformerConfig config, int length, int maxSpikes)
    {
        (_config, Ids, Times, _spikes) = (config, new int[length], new int[length], new long[maxSpikes]);
        Build();
    }

    /// <summary>[length].</summary>
    public int[] Ids { get; }

    /// <summary>[length], token indices.</summary>
    public int[] Times { get; }

    /// <summary>Spikes, those that do not fit included.</summary>
    public int Spikes { get; private set; }

    /// <summary>Spikes that do not fit, the oldest.</summary>
    public int Cut => Math.Max(0, Spikes - (Ids.Length - 2));

    /// <summary>Place of EOS.</summary>
    public int Eos => Spikes - Cut + 1;

    public void Clear() => Spikes = 0;

    public void Add(int bin, int neuron) => _spikes[Spikes++] = (long)bin * _config.Neurons + neuron;

    /// <summary>Orders the spikes by bin, then neuron, and writes the tokens.</summary>
    public void Build()
    {
        var spikes = _spikes.AsSpan(0, Spikes);
        spikes.Sort();
        var cut = Cut;

        // NB: upstream cuts dts from the left of (0, dts, EOS), so that with too many spikes SOS carries the dt of the last spike that was cut.
        (Ids[0], Times[0]) = (_config.Sos, cut > 0 ? (int)(spikes[cut - 1] / _config.Neurons) : 0);
        for (var i = cut; i < spikes.Length; i++)
        {
            var (bin, neuron) = Math.DivRem(spikes[i], _config.Neurons);
            (Ids[i - cut + 1], Times[i - cut + 1]) = ((int)neuron, (int)bin);
        }

        (Ids[Eos], Times[Eos]) = (_config.Eos, _config.DtEos);
        Ids.AsSpan(Eos + 1).Fill(_config.Pad);
        Times.AsSpan(Eos + 1).Fill(_config.DtPad);
    }

    /// <summary>Tokens from SOS on that do not change any more while spikes of this bin or later ones come; 0 where some may not fit in the end.</summary>
    public int SettledBefore(long bin)
    {
        if (Cut > 0) return 0;
        var settled = 0;
        while (settled < Spikes && _spikes[settled] / _config.Neurons < bin) settled++;
        return settled + 1;
    }
}
