using System.Text.Json;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Possm;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Possm;

/// <summary>Random POSSM models of any shape, from a seed.</summary>
internal static class RandomPossm
{
    public static readonly string[] Tasks = ["velocity", "angle"];

    private static readonly int[] TaskOutputs = [2, 1];

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true };

    /// <summary>A shape that exercises everything at small size.</summary>
    public static PossmConfig Config(Random random) => new()
    {
        BinWidth = 0.05,
        BinStep = 0.05,
        NumLatents = random.Next(1, 4),
        Dim = random.Next(1, 5) * 8,
        Depth = random.Next(0, 2),
        DimHead = random.Next(1, 11) * 4,
        CrossHeads = random.Next(1, 4),
        SelfHeads = random.Next(1, 4),
        RnnDim = random.Next(10, 40),
        NumRnnLayers = random.Next(1, 4),
        OutputCaCtxLim = random.Next(1, 7),
    };

    /// <summary>Tensors under upstream's names, of a size that keeps the activations near 1.</summary>
    public static List<TensorData> Tensors(PossmConfig config, Random random, bool late, int unitRows, int sessionRows = 3)
    {
        var tensors = new List<TensorData>();
        int dim = config.Dim, hidden = FeedForwardWeights.Expansion * dim;
        Table("unit_emb", unitRows);
        Table("session_emb", sessionRows);
        Table("token_type_emb", 4);
        Table("task_emb", Tasks.Length + 1);
        Table("latent_emb", config.NumLatents);
        Omega("rotary_emb", 1e-4);
        if (late) Omega("dec_rotary_emb", 1e-2);
        Cross("enc_atn", dim);
        FeedForward("enc_ffn");
        for (var layer = 0; layer < config.Depth; layer++)
        {
            Norm($"proc_layers.{layer}.0.norm", dim);
            Matrix($"proc_layers.{layer}.0.to_qkv", 3 * config.SelfInner, dim, bias: false);
            Matrix($"proc_layers.{layer}.0.to_out", dim, config.SelfInner, bias: true);
            FeedForward($"proc_layers.{layer}.1");
        }

        for (var layer = 0; layer < config.NumRnnLayers; layer++)
        {
            Recurrent("ih", layer, layer == 0 ? config.NumLatents * dim : config.RnnDim);
            Recurrent("hh", layer, config.RnnDim);
        }

        Cross("dec_atn", config.RnnDim);
        FeedForward("dec_ffn");
        for (var task = 0; task < Tasks.Length; task++) Matrix($"readout.projections.{Tasks[task]}", TaskOutputs[task], dim, bias: true);
        return tensors;

        void Table(string name, int rows) => tensors.Add(TensorData.Of(name + ".weight", Normal(rows * dim, 1), rows, dim));

        void Omega(string name, double tMin)
        {
            var omega = RotaryTime.Omega(config.DimHead, tMin, 10);
            tensors.Add(TensorData.Of(name + ".omega", omega, omega.Length));
        }

        void Norm(string name, int width)
        {
            tensors.Add(TensorData.Of(name + ".weight", Normal(width, 0.2, 1), width));
            tensors.Add(TensorData.Of(name + ".bias", Normal(width, 0.1), width));
        }

        void Matrix(string name, int rows, int columns, bool bias)
        {
            tensors.Add(TensorData.Of(name + ".weight", Normal(rows * columns, 1 / Math.Sqrt(columns)), rows, columns));
            if (bias) tensors.Add(TensorData.Of(name + ".bias", Normal(rows, 0.1), rows));
        }

        void Recurrent(string name, int layer, int columns)
        {
            tensors.Add(TensorData.Of($"backbone.net.weight_{name}_l{layer}", Normal(3 * config.RnnDim * columns, 1 / Math.Sqrt(columns)), 3 * config.RnnDim, columns));
            tensors.Add(TensorData.Of($"backbone.net.bias_{name}_l{layer}", Normal(3 * config.RnnDim, 0.3), 3 * config.RnnDim));
        }

        void Cross(string name, int contextDim)
        {
            Norm(name + ".norm", dim);
            Norm(name + ".norm_context", contextDim);
            Matrix(name + ".to_q", config.CrossInner, dim, bias: false);
            Matrix(name + ".to_kv", 2 * config.CrossInner, contextDim, bias: false);
            Matrix(name + ".to_out", dim, config.CrossInner, bias: true);
        }

        void FeedForward(string name)
        {
            Norm(name + ".0", dim);
            Matrix(name + ".1.net.0", 2 * hidden, dim, bias: true);
            Matrix(name + ".1.net.3", dim, hidden, bias: true);
        }

        float[] Normal(int count, double sd, double mean = 0)
        {
            var values = new float[count];
            foreach (ref var value in values.AsSpan())
                value = (float)(mean + sd * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            return values;
        }
    }

    public static PossmWeights Weights(PossmConfig config, IEnumerable<TensorData> tensors) => PossmWeights.Read(Reader(tensors), config);

    public static WeightReader Reader(IEnumerable<TensorData> tensors) =>
        new(SafetensorsFile.Parse(new ArrayWeightBytes(SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>())), "random"));

    /// <summary>Settings for units in rows 1, 2, ..., the second session, and the first task.</summary>
    public static PossmSettings Settings(PossmConfig config, int units) => new()
    {
        HyperParameters = config,
        UnitVocab = ["NA", .. Enumerable.Range(0, units).Select(unit => $"u{unit}")],
        SessionVocab = ["NA", "s0", "s1"],
        Session = "s1",
        UnitRows = [.. Enumerable.Range(1, units)],
        Tasks = Tasks,
        Task = Tasks[0],
    };

    public static ModelFile File(PossmSettings settings, IEnumerable<TensorData> tensors) => ModelFile.Parse(ModelFile.ToBytes(Config(settings), tensors), "test.rtmodel");

    public static ModelConfig Config(PossmSettings settings) => new()
    {
        Kind = "possm",
        Units = UnitTable.Numbered(settings.UnitRows.Count).Units,
        Outputs = settings.Task == Tasks[0] ? [new OutputChannel("vx", "cm/s"), new OutputChannel("vy", "cm/s")] : [new OutputChannel("angle", "rad")],
        BinNs = (long)Math.Round(settings.HyperParameters.BinWidth * 1e9),
        Lags = 1,
        TargetNs = 10_000_000,
        Training = new TrainingRecord
        {
            Origin = WeightOrigin.Random,
            Session = "none",
            Train = [],
            Valid = [],
            Test = [],
            TargetMean = settings.Task == Tasks[0] ? [0, 0] : [0],
            ProgramVersion = "test",
        },
        Settings = JsonSerializer.SerializeToNode(settings, Json)!.AsObject(),
    };
}
