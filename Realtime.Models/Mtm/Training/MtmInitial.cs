using System.Runtime.InteropServices;
using Realtime.Engine.Numerics;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Mtm.Training;

/// <summary>
/// The tensors that training begins with: PyTorch's defaults (tables at 0.02, not 1), scaled by upstream's fix-up; stitchers and heads from the
/// data where the recipe says so. The same arguments give the same bits.
/// </summary>
public static class MtmInitial
{
    private const double StitchedSd = 0.7;

    /// <param name="config">Sizes.</param>
    /// <param name="recordings">With their entries of the session list.</param>
    /// <param name="recipe">Seed, initial stitchers and heads.</param>
    /// <param name="start">Tensors of a model to go on from, by name: they replace those of equal name. Null for none.</param>
    public static IReadOnlyList<TensorData> Tensors(MtmConfig config, IReadOnlyList<(MtmRecording Recording, MtmSession Session)> recordings, MtmRecipe recipe, SafetensorsFile? start)
    {
        var random = new RandomTensors((ulong)recipe.Seed);
        random.Linear("encoder.embedder.embed_spikes", config.EmbedSize, config.NChannels);
        random.Linear("encoder.embedder.projection", config.HiddenSize, config.EmbedSize);
        if (config.Pos) random.Embedding("encoder.embedder.embed_pos.weight", config.MaxF, config.HiddenSize);
        if (config.UsePrompt) random.Embedding("encoder.embedder.embed_prompt.weight", 4, config.HiddenSize);
        if (config.UseSession) random.Embedding("encoder.embedder.embed_session.weight", config.NSessions, config.HiddenSize);
        for (var layer = 0; layer < config.NLayers; layer++)
        {
            var prefix = $"encoder.layers.{layer}";
            random.LayerNorm($"{prefix}.ln1", config.HiddenSize);
            random.LayerNorm($"{prefix}.ln2", config.HiddenSize);
            foreach (var map in new[] { "query", "key", "value", "out_proj" }) random.Linear($"{prefix}.attn.{map}", config.HiddenSize, config.HiddenSize);
            random.Linear($"{prefix}.mlp.up_proj", config.InterSize, config.HiddenSize);
            random.Linear($"{prefix}.mlp.down_proj", config.HiddenSize, config.InterSize);
        }

        random.LayerNorm("encoder.out_norm", config.HiddenSize);
        foreach (var (recording, session) in recordings)
        {
            if (config.Stitching) random.Linear(MtmWeights.StitcherName(session.Stitcher), config.NChannels, recording.Neurons);
            random.Linear(config.Stitching ? MtmWeights.HeadName(session.Stitcher) : "decoder.0", recording.Neurons, config.HiddenSize);
        }

        var tensors = random.Tensors.Select(tensor => FixUp(tensor, config.NLayers)).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var (recording, session) in recordings) FromData(tensors, config, recording, session, recipe);
        if (start is not null)
        {
            foreach (var name in tensors.Keys.ToArray())
                if (start.Tensors.ContainsKey(name)) tensors[name] = TensorData.Of(name, start.Floats(name), [.. start.Info(name).Shape]);
            MtmCentring.FromFile(tensors, recordings.Where(pair => start.Tensors.ContainsKey(MtmWeights.StitcherName(pair.Session.Stitcher) + ".bias")));
        }

        return [.. random.Tensors.Select(tensor => tensors[tensor.Name])];
    }

    /// <summary>Weights of output, feed-forward and value maps by 0.67 layers^(-1/4), values by √2 of that.</summary>
    private static TensorData FixUp(TensorData tensor, int layers)
    {
        var factor = 0.67 / Math.Sqrt(Math.Sqrt(layers));
        if (tensor.Name.EndsWith("attn.value.weight", StringComparison.Ordinal)) factor *= Math.Sqrt(2);
        else if (!tensor.Name.EndsWith("proj.weight", StringComparison.Ordinal)) return tensor;
        return Scaled(tensor, factor);
    }

    private static TensorData Scaled(TensorData tensor, double factor) =>
        TensorData.Of(tensor.Name, Array.ConvertAll(Values(tensor), value => (float)(factor * value)), [.. tensor.Shape]);

    private static float[] Values(TensorData tensor) => MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray();

    private static void FromData(Dictionary<string, TensorData> tensors, MtmConfig config, MtmRecording recording, MtmSession session, MtmRecipe recipe)
    {
        var (spikes, bins) = MtmRecording.Totals(recording.Train, recording.Neurons);
        if (recipe.HeadScale < 1)
        {
            var head = config.Stitching ? MtmWeights.HeadName(session.Stitcher) : "decoder.0";
            tensors[$"{head}.weight"] = Scaled(tensors[$"{head}.weight"], recipe.HeadScale);
            tensors[$"{head}.bias"] = TensorData.Of($"{head}.bias",
                Array.ConvertAll(spikes, count => (float)PortableMath.Log((count + recipe.PseudoSpikes) / bins)), recording.Neurons);
        }

        if (recipe.PrincipalDirections == 0 || !config.Stitching) return;
        var stitcher = MtmWeights.StitcherName(session.Stitcher);
        var (weight, bias) = Stitcher(Values(tensors[$"{stitcher}.weight"]), config.NChannels, recording, bins, recipe.PrincipalDirections, (ulong)recipe.Seed);
        tensors[$"{stitcher}.weight"] = TensorData.Of($"{stitcher}.weight", weight, config.NChannels, recording.Neurons);
        tensors[$"{stitcher}.bias"] = TensorData.Of($"{stitcher}.bias", bias, config.NChannels);
    }

    /// <summary>The leading directions of the trials' mean inputs, standardised per neuron, then drawn ones; each channel's output has mean 0 and the same
    /// spread over the training bins, where softsign bends little.</summary>
    private static (float[] Weight, float[] Bias) Stitcher(float[] drawn, int channels, MtmRecording recording, long bins, int directions, ulong seed)
    {
        var (trials, neurons) = (recording.Train, recording.Neurons);
        var mean = Array.ConvertAll(recording.Means.ToArray(), value => recording.IsCentred ? 0.0 : value);
        var counts = new double[trials.Count * neurons];
        for (var trial = 0; trial < trials.Count; trial++)
            for (var at = 0; at < trials[trial].Input.Length; at++) counts[trial * neurons + at % neurons] += trials[trial].Input[at] / (double)trials[trial].Bins;
        var sd = new double[neurons];
        for (var neuron = 0; neuron < neurons; neuron++)
        {
            double average = 0, square = 0;
            for (var trial = 0; trial < trials.Count; trial++) average += counts[trial * neurons + neuron] / trials.Count;
            for (var trial = 0; trial < trials.Count; trial++)
            {
                counts[trial * neurons + neuron] -= average;
                square += counts[trial * neurons + neuron] * counts[trial * neurons + neuron];
            }

            sd[neuron] = Math.Sqrt(square / trials.Count) + 0.02;
            for (var trial = 0; trial < trials.Count; trial++) counts[trial * neurons + neuron] /= sd[neuron];
        }

        var found = PrincipalDirections.Find(counts, trials.Count, neurons, Math.Min(directions, Math.Min(channels, trials.Count - 1)), seed);
        var weight = new float[channels * neurons];
        var bias = new float[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var row = new double[neurons];
            for (var neuron = 0; neuron < neurons; neuron++)
                row[neuron] = (channel < found.Length ? found[channel][neuron] : drawn[channel * neurons + neuron]) / sd[neuron];
            double square = 0, offset = 0;
            for (var neuron = 0; neuron < neurons; neuron++) offset += row[neuron] * mean[neuron];
            foreach (var trial in trials)
            {
                for (var bin = 0; bin < trial.Bins; bin++)
                {
                    var sum = -offset;
                    for (var neuron = 0; neuron < neurons; neuron++)
                        if (trial.Input[bin * neurons + neuron] is var input and not 0) sum += row[neuron] * input;
                    square += sum * sum / bins;
                }
            }

            var factor = square > 0 ? StitchedSd / Math.Sqrt(square) : 1;
            for (var neuron = 0; neuron < neurons; neuron++) weight[channel * neurons + neuron] = (float)(factor * row[neuron]);
            bias[channel] = (float)(-factor * offset);
        }

        return (weight, bias);
    }
}
