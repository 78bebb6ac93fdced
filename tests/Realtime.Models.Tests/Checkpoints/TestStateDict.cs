using System.Runtime.InteropServices;
using System.Text.Json;
using Realtime.Models.Checkpoints;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests.Checkpoints;

/// <summary>A state dict to be written as a checkpoint: the tiny golden weights, and what a test makes of them.</summary>
internal sealed class TestStateDict
{
    /// <summary>By name: (type of storage, shape, numbers as bytes), or a vocabulary.</summary>
    public List<(string Name, object Value)> Entries { get; } = [];

    /// <summary>What stands beside the state dict, by name; written as nested dictionaries.</summary>
    public Dictionary<string, object?> HyperParameters { get; } = [];

    public static string Goldens { get; } = Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens");

    public static TestStateDict PoyoTiny(string prefix = "model.")
    {
        var state = OfWeights(Path.Combine(Goldens, "poyo_tiny", "weights.safetensors"), prefix);
        state.HyperParameters["sequence_length"] = 1.0;
        state.HyperParameters["latent_step"] = 0.25;
        return state;
    }

    /// <summary>The POSSM tensors in the shapes of the tiny golden model, filled with small numbers.</summary>
    public static TestStateDict Possm(string[] tasks, bool late, string prefix = "model.")
    {
        const int dim = 32, inner = 16, rnn = 48;
        var state = new TestStateDict();
        var random = new Random(3);
        Add("unit_emb.weight", 4, dim);
        Add("session_emb.weight", 2, dim);
        Add("token_type_emb.weight", 4, dim);
        Add("task_emb.weight", tasks.Length + 1, dim);
        Add("latent_emb.weight", 1, dim);
        Add("rotary_emb.omega", 8);
        if (late) Add("dec_rotary_emb.omega", 8);
        foreach (var (attention, context) in new[] { ("enc_atn", dim), ("dec_atn", rnn) })
        {
            foreach (var end in new[] { "weight", "bias" })
            {
                Add($"{attention}.norm.{end}", dim);
                Add($"{attention}.norm_context.{end}", context);
            }

            Add($"{attention}.to_q.weight", inner, dim);
            Add($"{attention}.to_kv.weight", 2 * inner, context);
            Add($"{attention}.to_out.weight", dim, inner);
            Add($"{attention}.to_out.bias", dim);
        }

        foreach (var ffn in new[] { "enc_ffn", "dec_ffn" })
        {
            Add($"{ffn}.0.weight", dim);
            Add($"{ffn}.0.bias", dim);
            Add($"{ffn}.1.net.0.weight", 8 * dim, dim);
            Add($"{ffn}.1.net.0.bias", 8 * dim);
            Add($"{ffn}.1.net.3.weight", dim, 4 * dim);
            Add($"{ffn}.1.net.3.bias", dim);
        }

        Add("backbone.net.weight_ih_l0", 3 * rnn, dim);
        Add("backbone.net.weight_hh_l0", 3 * rnn, rnn);
        Add("backbone.net.bias_ih_l0", 3 * rnn);
        Add("backbone.net.bias_hh_l0", 3 * rnn);
        foreach (var (index, task) in tasks.Index())
        {
            Add($"readout.projections.{task}.weight", index + 2, dim);
            Add($"readout.projections.{task}.bias", index + 2);
        }

        state.Vocabulary(prefix + "unit_emb.vocab", "NA", "s0/a", "s0/b", "s0/c");
        state.Vocabulary(prefix + "session_emb.vocab", "NA", "s0");
        foreach (var (name, value) in new (string, object)[] { ("sequence_length", 0.25), ("bin_width", 0.05), ("bin_step", 0.05), ("output_ca_ctx_lim", 3L) })
            state.HyperParameters[name] = value;
        return state;

        void Add(string name, params int[] shape)
        {
            var values = new float[shape.Aggregate(1, (product, length) => product * length)];
            for (var i = 0; i < values.Length; i++) values[i] = name.EndsWith("omega", StringComparison.Ordinal) ? (i < 4 ? 8 - i : 0) : random.NextSingle() - 0.5f;
            state.Tensor(prefix + name, values, [.. shape.Select(length => (long)length)]);
        }
    }

    /// <summary>The settings of a model that was made.</summary>
    public static T Settings<T>(ImportedModel model) =>
        model.File.Config.Settings.Deserialize<T>(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower })!;

    public void Vocabulary(string name, params string[] words) => Entries.Add((name, words));

    public void Tensor(string name, float[] values, params long[] shape) => Entries.Add((name, new TestTensor("FloatStorage", shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), values.Length)));

    public void Remove(string name) => Assert.Equal(1, Entries.RemoveAll(entry => entry.Name == name));

    public void Rename(Func<string, string> rename)
    {
        for (var i = 0; i < Entries.Count; i++) Entries[i] = (rename(Entries[i].Name), Entries[i].Value);
    }

    public void Replace(string name, Func<TestTensor, TestTensor> change)
    {
        var at = Entries.FindIndex(entry => entry.Name == name);
        Entries[at] = (name, change((TestTensor)Entries[at].Value));
    }

    /// <summary>The checkpoint as Lightning writes it, with hyper-parameters under "model".</summary>
    public byte[] Lightning()
    {
        var pickle = new TestPickle().Ops("}(").Text("epoch").Int(7).Text("state_dict");
        var storages = Write(pickle);
        pickle.Text("optimizer_states").Ops("]").Text("hyper_parameters").Ops("}(").Text("model").Ops("}(");
        foreach (var (name, value) in HyperParameters)
        {
            pickle.Text(name);
            _ = value switch
            {
                null => pickle.Ops("N"),
                long whole => pickle.Int(whole),
                double number => pickle.Float(number),
                bool flag => pickle.Bool(flag),
                var other => pickle.Text((string)other),
            };
        }

        return TestCheckpoint.Zip(pickle.Ops("uuu").Stop(), storages);
    }

    /// <summary>The state dict alone.</summary>
    public byte[] Bare()
    {
        var pickle = new TestPickle();
        var storages = Write(pickle);
        return TestCheckpoint.Zip(pickle.Stop(), storages);
    }

    private static TestStateDict OfWeights(string path, string prefix)
    {
        var state = new TestStateDict();
        using var file = SafetensorsFile.Read(path);
        foreach (var tensor in file.Tensors.Values) state.Tensor(prefix + tensor.Name, file.Floats(tensor.Name), [.. tensor.Shape]);
        state.Vocabulary(prefix + "unit_emb.vocab", "NA", "u0", "u1", "u2");
        state.Vocabulary(prefix + "session_emb.vocab", "NA", "s0");
        return state;
    }

    private (string, byte[])[] Write(TestPickle pickle)
    {
        var storages = new List<(string, byte[])>();
        pickle.Ordered().Ops("(");
        foreach (var (name, value) in Entries)
        {
            pickle.Text(name);
            if (value is string[] words)
            {
                pickle.Ordered().Ops("(");

                // Backwards: a reader must go by the rows.
                foreach (var (row, word) in words.Index().Reverse()) pickle.Text(word).Int(row);
                pickle.Ops("u");
                continue;
            }

            var tensor = (TestTensor)value;
            var key = storages.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            storages.Add((key, tensor.Bytes));
            var strides = new long[tensor.Shape.Length];
            for (var (axis, step) = (strides.Length - 1, 1L); axis >= 0; step *= tensor.Shape[axis--]) strides[axis] = step;
            pickle.Tensor(tensor.Storage, key, tensor.Count, 0, tensor.Shape, strides);
        }

        pickle.Ops("u");
        return [.. storages];
    }
}
