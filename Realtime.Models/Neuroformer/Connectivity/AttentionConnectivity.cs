using Realtime.Engine.Numerics;
using Realtime.Engine.Sessions;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Training;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer.Connectivity;

/// <summary>
/// Reads connectivity from the attention of the history blocks: a step that comes before a spike of one neuron (the target) attends to past spikes of others (the
/// sources). Current windows lie back to back, so that each spike is a target once. Stateless; any thread.
/// Source: github.com/a-antoniades/Neuroformer, neuroformer/attention_vis.py: the rule of <see cref="ConnectivityMethod.Upstream"/>; it is directed, and here
/// neurons that come twice in a window count twice and all windows count, where upstream's function keeps the last.
/// </summary>
public static class AttentionConnectivity
{
    private const int BlockWindows = 32;

    // Of the spikes that are taken out.
    private const ulong Seed = 1;

    private const string Stage = "attn.history.";

    /// <param name="file">A model of kind "neuroformer" without frames or inputs.</param>
    /// <param name="session">One that has units of the model; those it lacks have no row.</param>
    /// <param name="intervals">Stretches of it; windows that would reach back before one's start are left out.</param>
    /// <param name="method">How.</param>
    /// <param name="windows">Windows at most; more are thinned evenly.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ModelFormatException">The model is of another kind, or its tensors do not fit.</exception>
    /// <exception cref="TrainingException">Model and session do not go together.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ConnectivityMatrix Measure(ModelFile file, Session session, IReadOnlyList<TimeRange> intervals, ConnectivityMethod method, int windows = 40_000,
        CancellationToken cancellation = default)
    {
        var settings = NeuroformerModel.Settings(file);
        var config = settings.HyperParameters;
        if (config.Frames is not null || config.Groups.Any(group => group.HasInputs))
            throw new TrainingException($"{file.Name} reads frames or behaviour, which sessions do not hold; connectivity is read from models of spikes alone.");
        if (config.HistoryLayers == 0 && method != ConnectivityMethod.Counts)
            throw new TrainingException($"{file.Name} has no history blocks, so that nothing attends to the past. Train one with model.history_layers of 1 or more.");
        var network = new NeuroformerNetwork(NeuroformerWeights.Read(new WeightReader(file.Tensors), config));
        UnitId[] units = [.. file.Config.Units.Where(unit => session.Units.TryGetRow(unit, out _))];
        if (units.Length == 0)
            throw new TrainingException($"Session '{session.Name}' has none of the {file.Config.Units.Count} units of {file.Name}. Name the session that the model was trained on.");
        var rowOf = new int[config.Neurons];
        Array.Fill(rowOf, -1);
        var row = 0;
        for (var unit = 0; unit < file.Config.Units.Count; unit++)
            if (session.Units.TryGetRow(file.Config.Units[unit], out _)) rowOf[settings.UnitTokens[unit]] = row++;
        var spikes = SpikeTrain.Of(session, new UnitTable(file.Config.Units));
        var tokenizer = new NeuroformerTokenizer(config);
        var ends = Thin(Ends(config, intervals), windows);
        if (ends.Count == 0) throw new TrainingException($"Session '{session.Name}' has no stretch as long as a window of the model. Name a longer part of it.");
        var (sums, expected, seen) = (new PairSums(units.Length), new PairSums(units.Length), 0L);
        var random = new PortableRandom(Seed, 0);
        for (var first = 0; first < ends.Count; first += BlockWindows)
        {
            cancellation.ThrowIfCancellationRequested();
            var sequences = ends.Skip(first).Take(BlockWindows).Select(end => Sequences(tokenizer, spikes, settings.UnitTokens, config, end)).ToArray();
            if (method == ConnectivityMethod.Removal)
            {
                seen += SpikeRemoval.Add(network, config, sequences, rowOf, random, sums, expected);
                continue;
            }

            var layers = Attention(network, config, sequences, method);
            for (var window = 0; window < sequences.Length; window++)
            {
                var (current, past) = sequences[window];
                var pastSpikes = past.Ids.Take(config.BlockPrevId).Count(id => id < config.Neurons);
                for (var step = 0; step < config.BlockId && current.Ids[step + 1] < config.Neurons; step++)
                {
                    var target = rowOf[current.Ids[step + 1]];
                    seen++;
                    for (var key = 0; key < config.BlockPrevId; key++)
                    {
                        if (past.Ids[key] >= config.Neurons || target < 0 || rowOf[past.Ids[key]] is not (>= 0 and var source)) continue;
                        expected.Add(target, source, 1.0 / pastSpikes);
                        sums.Add(target, source, method == ConnectivityMethod.Counts ? 1.0 / pastSpikes : layers[window][step * config.BlockPrevId + key]);
                    }
                }
            }
        }

        if (seen == 0) throw new TrainingException($"Session '{session.Name}' has no spike of the model's units in the intervals. Check that the session is the model's.");
        return method switch
        {
            ConnectivityMethod.Mean => sums.Over(expected, units),
            ConnectivityMethod.Upstream => sums.Matrix(units),
            ConnectivityMethod.Removal => sums.Centred(expected, units),
            _ => sums.LogLift(units),
        };
    }

    private static (NeuroformerSequence Current, NeuroformerSequence Past) Sequences(
        NeuroformerTokenizer tokenizer, SpikeTrain spikes, IReadOnlyList<int> tokens, NeuroformerConfig config, long end)
    {
        var window = spikes.Window(end - config.CurrNs - config.PrevNs, end);
        var neurons = new int[window.Units.Length];
        for (var spike = 0; spike < neurons.Length; spike++) neurons[spike] = tokens[window.Units[spike]];
        return tokenizer.Sequences(window.TimesNs, neurons, end);
    }

    /// <summary>By window, what each step gives to each past token, [T, P].</summary>
    private static double[][] Attention(
        NeuroformerNetwork network, NeuroformerConfig config, (NeuroformerSequence Current, NeuroformerSequence Past)[] sequences, ConnectivityMethod method)
    {
        if (method == ConnectivityMethod.Counts) return [];
        var (rows, keys) = (config.BlockId, config.BlockPrevId);
        var joined = sequences.Select(_ => new double[rows * keys]).ToArray();
        var layer = 0;
        network.Forward([.. sequences.Select(sequence => NeuroformerTokenizer.Window(sequence.Current, sequence.Past))], attention: (stage, weights) =>
        {
            if (!stage.StartsWith(Stage, StringComparison.Ordinal)) return;
            for (var window = 0; window < joined.Length; window++)
            {
                var own = weights.Slice(window * config.NHead * rows * keys, config.NHead * rows * keys);
                if (method == ConnectivityMethod.Mean || method == ConnectivityMethod.Lift) AddMean(joined[window], own, config);
                else if (layer > 0 || config.HistoryLayers == 1) Join(ref joined[window], own, config, isFirst: layer <= 1);
            }

            layer++;
        });
        return joined;
    }

    private static void AddMean(double[] sum, ReadOnlySpan<float> weights, NeuroformerConfig config)
    {
        var share = 1.0 / (config.NHead * config.HistoryLayers);
        for (var i = 0; i < weights.Length; i++) sum[i % sum.Length] += share * weights[i];
    }

    /// <summary>One layer of upstream's roll-out. NB: with P unlike T layers are multiplied number by number, where the identity leaves little beside its diagonal.</summary>
    private static void Join(ref double[] joined, ReadOnlySpan<float> weights, NeuroformerConfig config, bool isFirst)
    {
        var (rows, keys) = (config.BlockId, config.BlockPrevId);
        var own = new double[rows * keys];
        for (var i = 0; i < weights.Length; i++) own[i % own.Length] = Math.Max(own[i % own.Length], weights[i]);
        for (var row = 0; row < rows; row++)
        {
            var values = own.AsSpan(row * keys, keys);
            if (row < keys) values[row] += 1;
            var sum = 0.0;
            foreach (var value in values) sum += value / 2;
            foreach (ref var value in values) value = value / 2 / sum;
        }

        if (isFirst)
        {
            joined = own;
            return;
        }

        if (rows != keys)
        {
            for (var i = 0; i < own.Length; i++) joined[i] *= own[i];
            return;
        }

        var product = new double[own.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var inner = 0; inner < rows; inner++)
                for (var key = 0; key < keys; key++) product[row * keys + key] += own[row * keys + inner] * joined[inner * keys + key];
        }

        joined = product;
    }

    private static List<long> Ends(NeuroformerConfig config, IReadOnlyList<TimeRange> intervals)
    {
        var ends = new List<long>();
        foreach (var interval in intervals)
            for (var end = TrainingSet.ToNs(interval.Start) + config.CurrNs + config.PrevNs; end <= TrainingSet.ToNs(interval.End); end += config.CurrNs) ends.Add(end);
        return ends;
    }

    private static List<long> Thin(List<long> ends, int most) =>
        ends.Count <= most ? ends : [.. Enumerable.Range(0, most).Select(i => ends[(int)((long)i * ends.Count / most)])];
}
