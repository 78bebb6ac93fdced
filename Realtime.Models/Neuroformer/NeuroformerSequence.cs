namespace Realtime.Models.Neuroformer;

/// <summary>SOS, spikes, EOS and PAD of one window, one place longer than its block: inputs are all but the last place, targets all but the first.</summary>
/// <param name="Ids">[length + 1], id tokens.</param>
/// <param name="Times">[length + 1], dt tokens.</param>
/// <param name="Pad">length + 1 less the spikes kept, SOS and EOS; at least 1.</param>
/// <param name="Cut">Spikes that did not fit, the oldest.</param>
public sealed record NeuroformerSequence(int[] Ids, int[] Times, int Pad, int Cut)
{
    /// <summary>What the network must predict, a place ahead of its input.</summary>
    public NeuroformerTargets Targets => new(Ids[1..], Times[1..]);
}
