using Realtime.Engine.Numerics;

namespace Realtime.Models.Neuroformer.Connectivity;

/// <summary>What a network makes of single past spikes: its id logits with and without one. Stateless; any thread.</summary>
internal static class SpikeRemoval
{
    /// <summary>Takes one past spike, drawn evenly, out of each window that has any, and adds the change of every neuron's logit, mean over the window's steps up to EOS.</summary>
    /// <param name="network">The model.</param>
    /// <param name="config">Its shape.</param>
    /// <param name="sequences">Windows.</param>
    /// <param name="rowOf">Row of each neuron, -1 for none.</param>
    /// <param name="random">Draws the spikes.</param>
    /// <param name="sums">Takes the changes.</param>
    /// <param name="counts">Takes how many there were.</param>
    /// <returns>Windows that had a past spike.</returns>
    public static int Add(NeuroformerNetwork network, NeuroformerConfig config, (NeuroformerSequence Current, NeuroformerSequence Past)[] sequences, int[] rowOf,
        PortableRandom random, PairSums sums, PairSums counts)
    {
        var windows = new List<NeuroformerWindow>();
        var sources = new List<int>();
        var steps = 0;
        foreach (var (current, past) in sequences)
        {
            var first = Array.FindIndex(past.Ids, id => id < config.Neurons);
            var spikes = past.Ids.Take(config.BlockPrevId).Count(id => id < config.Neurons);
            if (spikes == 0) continue;
            var at = first + random.Below(spikes);
            sources.Add(rowOf[past.Ids[at]]);
            windows.Add(NeuroformerTokenizer.Window(current, past));
            windows.Add(NeuroformerTokenizer.Window(current, Without(past, at, config)));
            steps = Math.Max(steps, config.BlockId - current.Pad + 1);
        }

        if (windows.Count == 0) return 0;
        var output = network.Forward(windows, rows: steps);
        for (var pair = 0; pair < sources.Count; pair++)
        {
            if (sources[pair] < 0) continue;
            var own = config.BlockId - windows[2 * pair].Pad + 1;
            own = Math.Min(own, output.Rows);
            for (var neuron = 0; neuron < config.Neurons; neuron++)
            {
                if (rowOf[neuron] < 0) continue;
                var change = 0.0;
                for (var step = 0; step < own; step++) change += Logit(2 * pair, step, neuron) - Logit(2 * pair + 1, step, neuron);
                sums.Add(rowOf[neuron], sources[pair], change / own);
                counts.Add(rowOf[neuron], sources[pair], 1);
            }
        }

        return sources.Count;

        double Logit(int window, int step, int neuron) => output.IdLogits[(window * output.Rows + step) * config.IdWords + neuron];
    }

    private static NeuroformerSequence Without(NeuroformerSequence past, int at, NeuroformerConfig config) => past with
    {
        Ids = [.. past.Ids[..at], .. past.Ids[(at + 1)..], config.Pad],
        Times = [.. past.Times[..at], .. past.Times[(at + 1)..], config.DtPad],
        Pad = past.Pad + 1,
    };
}
