namespace Realtime.Models.Mtm;

/// <summary>Trials of one recording as the plain network is given them: counts per bin (or their roots, where it was trained on those), with hidden entries already replaced. Filled in by hand; one thread.</summary>
public sealed class MtmBatch
{
    /// <param name="samples">Trials.</param>
    /// <param name="bins">Bins of the longest one.</param>
    /// <param name="neurons">The recording's neurons.</param>
    public MtmBatch(int samples, int bins, int neurons)
    {
        (Samples, Bins, Neurons) = (samples, bins, neurons);
        Counts = new float[checked(samples * bins * neurons)];
        Valid = new bool[samples * bins];
        Array.Fill(Valid, true);
    }

    public int Samples { get; }

    public int Bins { get; }

    public int Neurons { get; }

    /// <summary>[samples, bins, neurons], spikes per bin. NB: upstream pads with -1, and a padded bin's own answer depends on it.</summary>
    public float[] Counts { get; }

    /// <summary>[samples, bins], upstream's time_attn_mask: whether other bins may see this one. Padding and lost bins are not valid; silence is.</summary>
    public bool[] Valid { get; }

    /// <summary>Row of the session table; not read where the model has none.</summary>
    public int SessionRow { get; set; }

    /// <summary>Row of the prompt table; not read where the model has none.</summary>
    public MtmPrompt Prompt { get; set; } = MtmPrompt.Causal;

    /// <summary>Who sees whom.</summary>
    public MtmMask Mask { get; set; } = MtmMask.StrictCausal;
}
