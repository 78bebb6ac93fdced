using System.Text.Json;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Neuroformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Neuroformer.Live;

/// <summary>Small random models of every shape that the live form must know, with activations near 1.</summary>
internal static class LiveModel
{
    public const int Units = 7;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true };

    private static readonly NeuroformerGroup Behaviour = new()
    {
        Name = "behavior",
        Layers = 2,
        Variables = [new() { Name = "speed", Predict = true }, new() { Name = "phi", Predict = true }],
    };

    private static readonly NeuroformerConfig Plain = new()
    {
        Neurons = 9,
        DtBins = 6,
        NEmbd = 32,
        NHead = 2,
        BlockId = 21,
        BlockPrevId = 37,
        StateLayers = 2,
        HistoryLayers = 2,
        Groups = [Behaviour],
    };

    private static readonly NeuroformerFrames Frames = new() { Count = 3, Height = 6, Width = 8, Kernel = [2, 3, 4], Stride = [1, 3, 2] };

    /// <summary>Shapes by name.</summary>
    public static IReadOnlyDictionary<string, NeuroformerConfig> Shapes { get; } = new SortedDictionary<string, NeuroformerConfig>(StringComparer.Ordinal)
    {
        ["plain"] = Plain,
        ["one head"] = Plain with { NEmbd = 32, NHead = 1, StateLayers = 1 },
        ["three heads"] = Plain with { NEmbd = 36, NHead = 3, HistoryLayers = 3 },
        ["no positions"] = Plain with { PosEmb = false },
        ["waves"] = Plain with { WaveEmb = true, DtBins = 16, WindowPrev = 0.15 },
        ["no history"] = Plain with { HistoryLayers = 0 },
        ["no state"] = Plain with { StateLayers = 0 },
        ["frames"] = Plain with { Frames = Frames, StimulusLayers = 2 },
        ["frames without encoder"] = Plain with { Frames = Frames, StimulusLayers = 2, VitEncoder = false },
        ["patches"] = Plain with { Frames = Frames with { Patches = true, Kernel = [1, 2, 2], Stride = [1, 2, 2] }, StimulusLayers = 1, NHead = 1, PosEmb = false },
        ["inputs and classes"] = Plain with
        {
            Frames = Frames,
            StimulusLayers = 1,
            Groups =
            [
                new() { Name = "sensed", Layers = 2, Variables = [new() { Name = "odour" }, new() { Name = "sound" }] },
                new() { Name = "behavior", Layers = 1, Variables = [new() { Name = "speed", Predict = true }, new() { Name = "lick" }, new() { Name = "choice", Predict = true, Classes = 3 }] },
            ],
        },
    };

    public static List<TensorData> Tensors(NeuroformerConfig config, int seed = 1)
    {
        var random = new Random(seed);
        var tensors = new List<TensorData>();
        var width = config.NEmbd;
        Tensor("tok_emb.weight", 0.7, 0, config.IdWords, width);
        if (config.PosEmb)
        {
            Tensor("pos_emb", 0.5, 0, 1, config.BlockId, width);
            Tensor("pos_emb_prev", 0.5, 0, 1, config.BlockPrevId, width);
        }

        foreach (var name in config.WaveEmb ? Array.Empty<string>() : ["temp_emb", "temp_emb_prev"])
        {
            Linear($"{name}.temp_emb.0", width / 2, 1);
            Linear($"{name}.temp_emb.2", width, width / 2);
        }

        if (config.Frames is { } frames)
        {
            int[] kernel = [.. frames.Kernel];
            var pixels = kernel[0] * kernel[1] * kernel[2];
            if (frames.Patches) Linear("video_encoder.to_patch_embedding.1", width, pixels);
            else
            {
                Tensor("video_encoder.conv_block.0.weight", 1 / Math.Sqrt(pixels), 0, width, 1, kernel[0], kernel[1], kernel[2]);
                Tensor("video_encoder.conv_block.0.bias", 0.1, 0, width);
                Norm("video_encoder.conv_block.2");
            }
        }

        Blocks("feature_encoder.neural_state_blocks", config.StateLayers);
        Blocks("feature_encoder.frame_state_blocks", config.FrameEncoderLayers);
        Blocks("neural_visual_transformer.neural_state_history_blocks", config.HistoryLayers);
        Blocks("neural_visual_transformer.neural_state_stimulus_blocks", config.StimulusLayers);
        Blocks("neural_visual_transformer.neural_state_blocks", config.StateLayers);
        foreach (var group in config.Groups)
        {
            Blocks($"neural_visual_transformer.modalities_blocks.{group.Name}", group.Layers);
            foreach (var variable in group.Variables)
            {
                var embedding = $"modality_embeddings.{group.Name}.{variable.Name}.mlp";
                Tensor($"{embedding}.ln.weight", 0.1, 1, 1);
                Tensor($"{embedding}.ln.bias", 0.5, 0, 1);
                Tensor($"{embedding}.mlp.0.weight", 1, 0, 2, 1);
                Tensor($"{embedding}.mlp.2.weight", 1, 0, width, 2);
                if (!variable.Predict) continue;
                var head = $"modality_projection_heads.{group.Name}.{variable.Name}";
                Tensor($"{head}.weight", 1 / Math.Sqrt(width), 0, Math.Max(1, variable.Classes), width);
                if (variable.Classes == 0) Tensor($"{head}.bias", 0.3, 0, 1);
            }
        }

        Tensor("head_id.weight", 0.1, 0, config.IdWords, width);
        Tensor("head_dt.weight", 0.1, 0, config.DtWords, width);
        return tensors;

        void Blocks(string prefix, int count)
        {
            for (var block = 0; block < count; block++)
            {
                foreach (var norm in (string[])["ln1", "ln2", "ln_f"]) Norm($"{prefix}.{block}.{norm}");
                foreach (var map in (string[])["query", "key", "value", "proj"]) Linear($"{prefix}.{block}.attn.{map}", width, width);
                Linear($"{prefix}.{block}.mlp.0", 4 * width, width);
                Linear($"{prefix}.{block}.mlp.2", width, 4 * width);
            }
        }

        void Linear(string prefix, int outputs, int inputs)
        {
            Tensor($"{prefix}.weight", 1 / Math.Sqrt(inputs), 0, outputs, inputs);
            Tensor($"{prefix}.bias", 0.1, 0, outputs);
        }

        void Norm(string prefix)
        {
            Tensor($"{prefix}.weight", 0.2, 1, width);
            Tensor($"{prefix}.bias", 0.1, 0, width);
        }

        void Tensor(string name, double sd, double mean, params long[] shape)
        {
            var values = new float[shape.Aggregate((a, b) => a * b)];
            foreach (ref var value in values.AsSpan())
                value = (float)(mean + sd * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            tensors.Add(TensorData.Of(name, values, shape));
        }
    }

    public static NeuroformerWeights Weights(NeuroformerConfig config, IEnumerable<TensorData> tensors) =>
        NeuroformerWeights.Read(new WeightReader(SafetensorsFile.Parse(new ArrayWeightBytes(SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>())), "random")), config);

    /// <summary>Units stand for other tokens than their row, and two tokens have no unit.</summary>
    public static NeuroformerSettings Settings(NeuroformerConfig config) => new() { HyperParameters = config, UnitTokens = [.. Enumerable.Range(0, Units).Select(unit => (unit * 4 + 3) % 9)] };

    public static ModelConfig Config(NeuroformerSettings settings)
    {
        var config = settings.HyperParameters;
        OutputChannel[] outputs = [.. config.Groups.Where(group => group.Name == settings.Group).SelectMany(group => group.Variables.Where(variable => variable.Predict))
            .SelectMany(variable => Enumerable.Range(0, Math.Max(1, variable.Classes)).Select(place => new OutputChannel($"{variable.Name}_{place}", "1")))];
        return new ModelConfig
        {
            Kind = "neuroformer",
            Units = UnitTable.Numbered(Units).Units,
            Outputs = outputs,
            BinNs = config.CurrNs + config.PrevNs,
            Lags = 1,
            TargetNs = 50_000_000,
            Training = new TrainingRecord
            {
                Origin = WeightOrigin.Random,
                Session = "none",
                Train = [],
                Valid = [],
                Test = [],
                TargetMean = new double[outputs.Length],
                ProgramVersion = "test",
            },
            Settings = JsonSerializer.SerializeToNode(settings, Json)!.AsObject(),
        };
    }

    public static ModelFile File(NeuroformerSettings settings, IEnumerable<TensorData> tensors) => ModelFile.Parse(ModelFile.ToBytes(Config(settings), tensors), "test.rtmodel");

    public static NeuroformerDecoder Decoder(NeuroformerSettings settings, IEnumerable<TensorData> tensors, DecoderOptions? options = null) =>
        new(File(settings, tensors), options ?? new DecoderOptions());
}
