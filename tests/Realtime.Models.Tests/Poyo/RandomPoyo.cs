using Realtime.Models.Poyo;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Poyo;

/// <summary>Random POYO models and samples of any shape, from a seed.</summary>
internal static class RandomPoyo
{
    /// <summary>Tensors under upstream's names, of a size that keeps the activations near 1.</summary>
    public static List<TensorData> Tensors(PoyoConfig config, Random random, int unitRows, int sessionRows, int outputs)
    {
        var tensors = new List<TensorData>();
        int dim = config.Dim, hidden = FeedForwardWeights.Expansion * dim;
        Table("unit_emb", unitRows);
        Table("session_emb", sessionRows);
        Table("token_type_emb", 4);
        Table("latent_emb", config.NumLatentsPerStep);
        var omega = RotaryTime.Omega(config.DimHead, config.TMin, config.TMax);
        tensors.Add(TensorData.Of("rotary_emb.omega", omega, omega.Length));
        Cross("enc_atn");
        FeedForward("enc_ffn");
        for (var layer = 0; layer < config.Depth; layer++)
        {
            Norm($"proc_layers.{layer}.0.norm");
            Matrix($"proc_layers.{layer}.0.to_qkv", 3 * config.SelfInner, dim, bias: false);
            Matrix($"proc_layers.{layer}.0.to_out", dim, config.SelfInner, bias: true);
            FeedForward($"proc_layers.{layer}.1");
        }

        Cross("dec_atn");
        FeedForward("dec_ffn");
        Matrix("readout", outputs, dim, bias: true);
        return tensors;

        void Table(string name, int rows) => tensors.Add(TensorData.Of(name + ".weight", Normal(rows * dim, 1), rows, dim));

        void Norm(string name)
        {
            tensors.Add(TensorData.Of(name + ".weight", Normal(dim, 0.2, 1), dim));
            tensors.Add(TensorData.Of(name + ".bias", Normal(dim, 0.1), dim));
        }

        void Matrix(string name, int rows, int columns, bool bias)
        {
            tensors.Add(TensorData.Of(name + ".weight", Normal(rows * columns, 1 / Math.Sqrt(columns)), rows, columns));
            if (bias) tensors.Add(TensorData.Of(name + ".bias", Normal(rows, 0.1), rows));
        }

        void Cross(string name)
        {
            Norm(name + ".norm");
            Norm(name + ".norm_context");
            Matrix(name + ".to_q", config.CrossInner, dim, bias: false);
            Matrix(name + ".to_kv", 2 * config.CrossInner, dim, bias: false);
            Matrix(name + ".to_out", dim, config.CrossInner, bias: true);
        }

        void FeedForward(string name)
        {
            Norm(name + ".0");
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

    public static PoyoWeights Weights(PoyoConfig config, Random random, int unitRows = 9, int sessionRows = 3, int outputs = 2)
    {
        var bytes = SafetensorsWriter.ToBytes(Tensors(config, random, unitRows, sessionRows, outputs), new Dictionary<string, string>());
        return PoyoWeights.Read(new WeightReader(SafetensorsFile.Parse(new ArrayWeightBytes(bytes), "random")), config);
    }

    /// <summary>Spikes in no order, all within the window; unit rows from 1 on.</summary>
    public static PoyoSample Sample(PoyoConfig config, Random random, int units, int spikes, int queries, int session = 1) => new()
    {
        UnitRows = [.. Enumerable.Range(1, units)],
        SpikeUnits = [.. Enumerable.Range(0, spikes).Select(_ => random.Next(units))],
        SpikeTimes = [.. Enumerable.Range(0, spikes).Select(_ => random.NextDouble() * config.SequenceLength)],
        SessionRow = session,
        QueryTimes = [.. Enumerable.Range(0, queries).Select(_ => random.NextDouble() * 1.2 * config.SequenceLength)],
    };
}
