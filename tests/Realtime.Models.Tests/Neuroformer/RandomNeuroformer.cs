using Realtime.Engine.Decoding;
using Realtime.Engine.Numerics;
using Realtime.Engine.Sessions;
using Realtime.Models.Neuroformer;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Neuroformer;

/// <summary>Small models and windows.</summary>
internal static class RandomNeuroformer
{
    public static NeuroformerConfig Config { get; } = NeuroformerRandom.Tiny with
    {
        StateLayers = 2,
        BlockId = 12,
        BlockPrevId = 16,
        Groups = [new() { Name = "behavior", Layers = 1, Variables = [new() { Name = "speed", Predict = true }, new() { Name = "phi" }] }],
    };

    public static NeuroformerWeights Weights(NeuroformerConfig config, ulong seed = 3)
    {
        var bytes = SafetensorsWriter.ToBytes(NeuroformerRandom.Tensors(config, seed), new Dictionary<string, string>());
        return NeuroformerWeights.Read(new WeightReader(SafetensorsFile.Parse(new ArrayWeightBytes(bytes), "random")), config);
    }

    public static RandomModelOptions Options(int units) => new()
    {
        Units = [.. Enumerable.Range(0, units).Select(i => new UnitId("probe", $"u{i}", 1))],
        Outputs = [new OutputChannel("speed", "cm/s")],
        Session = "session",
    };

    public static NeuroformerSpike[] Spikes(int count, int seed, NeuroformerConfig config)
    {
        var random = new PortableRandom((ulong)seed, 7);
        NeuroformerSpike[] spikes = [.. Enumerable.Range(0, count).Select(_ => new NeuroformerSpike(random.Below(5), random.Below(config.Neurons)))];
        Array.Sort(spikes);
        return spikes;
    }

    public static NeuroformerWindow Window(NeuroformerConfig config, int spikes, int seed)
    {
        var tokenizer = new NeuroformerTokenizer(config);
        return NeuroformerTokenizer.Window(
            tokenizer.Sequence(Spikes(spikes, seed, config), config.BlockId), tokenizer.Sequence(Spikes(spikes, seed + 1, config), config.BlockPrevId), inputs: [[null, 0.05]]);
    }
}
