using Realtime.Models.Differentiation;
using Realtime.Models.Tests.Kernels;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests.Differentiation;

/// <summary>Results and gradients of single operations as PyTorch has them in float64.</summary>
public sealed class OperationGoldenTests
{
    private const double Tolerance = 1e-5;

    private static readonly SafetensorsFile File = SafetensorsFile.Read(
        Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens", "training", "operations.safetensors"));

    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Linear(string set)
    {
        var run = new Run(set, "linear", "x", "weight", "bias");
        run.Check((tape, p) => tape.Linear(GradientCheck.All(tape, p[0]), p[1], p[2]));
        run = new Run(set, "linear_no_bias", "x", "weight");
        run.Check((tape, p) => tape.Linear(GradientCheck.All(tape, p[0]), p[1], null));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Layer_norm(string set) =>
        new Run(set, "layer_norm", "x", "gain", "bias").Check((tape, p) => tape.LayerNorm(GradientCheck.All(tape, p[0]), p[1], p[2]));

    [Theory]
    [MemberData(nameof(Sets))]
    public void Geglu(string set) => new Run(set, "geglu", "x").Check((tape, p) => tape.Geglu(GradientCheck.All(tape, p[0])));

    [Theory]
    [MemberData(nameof(Sets))]
    public void Embedding_sum(string set)
    {
        var (rows, others) = (Indices("embedding_sum.a_rows"), Indices("embedding_sum.b_rows"));
        new Run(set, "embedding_sum", ["a", "b"], ParameterKind.RowTable).Check((tape, p) => tape.Add(tape.Rows(p[0], rows), tape.Rows(p[1], others)));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Gru(string set) =>
        new Run(set, "gru", "x", "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_ih_l1", "weight_hh_l1", "bias_ih_l1", "bias_hh_l1")
            .Check((tape, p) => tape.Gru(tape.Gru(GradientCheck.All(tape, p[0]), new(p[1], p[2], p[3], p[4]), 3), new(p[5], p[6], p[7], p[8]), 3));

    [Theory]
    [MemberData(nameof(Sets))]
    public void Attention(string set)
    {
        foreach (var (name, isTurned, turnsValues) in new[] { ("attention_plain", false, false), ("attention", true, false), ("attention_rotated_values", true, true) })
        {
            var seen = name == "attention_plain" ? [.. Enumerable.Range(0, 11)] : Shown(name);

            // The first 7 keys are the first segment's.
            var first = seen.Count(key => key < 7);
            CheckAttention(set, name, isTurned, turnsValues, seen, [new(0, 3, 0, first, 0), new(3, 5, first, seen.Length - first, 3)]);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Attention_of_each_query_to_a_window(string set)
    {
        var window = File.Bytes("attention_windowed.window").ToArray();
        var segments = Enumerable.Range(0, 8).Select(query =>
        {
            var row = window.AsSpan(query * 11, 11);
            return new AttentionSegment(query, 1, row.IndexOf((byte)1), row.Count((byte)1), query);
        });
        CheckAttention(set, "attention_windowed", true, true, [.. Enumerable.Range(0, 11)], [.. segments]);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Activations(string set)
    {
        new Run(set, "gelu", "x").Check((tape, p) => tape.Gelu(GradientCheck.All(tape, p[0])));
        new Run(set, "softsign", "x").Check((tape, p) => tape.Softsign(GradientCheck.All(tape, p[0]), File.Doubles("softsign.scale")[0]));
        new Run(set, "relu", "x").Check((tape, p) => tape.Relu(GradientCheck.All(tape, p[0])));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Means_and_picked_rows(string set)
    {
        new Run(set, "mean_rows", "x").Check((tape, p) => tape.MeanRows(GradientCheck.All(tape, p[0]), 3));
        new Run(set, "gather", "a", "b").Check((tape, p) =>
        {
            var (a, b) = (GradientCheck.All(tape, p[0]), GradientCheck.All(tape, p[1]));
            return tape.Gather([a, b, a], Indices("gather.part"), Indices("gather.row"));
        });
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Attention_under_a_mask(string set)
    {
        foreach (var name in new[] { "attention_masked", "attention_masked_few", "attention_causal" })
        {
            var masks = Array.ConvertAll(File.Bytes(name + ".mask").ToArray(), seen => seen == 1 ? 0 : float.NegativeInfinity);
            new Run(set, name, "q", "k", "v").Check((tape, p) =>
            {
                var (q, k, v) = (GradientCheck.All(tape, p[0]), GradientCheck.All(tape, p[1]), GradientCheck.All(tape, p[2]));
                return tape.Attend(q, 0, k, 0, v, 0, 2, 6, [new AttentionSegment(0, q.Rows, 0, k.Rows, 0, Mask: 0)], q.Rows, 0, masks);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Losses_of_classes_counts_and_pairs(string set)
    {
        CheckLoss(set, "cross_entropy", ["logits"], (tape, x, flow) => tape.CrossEntropyLoss(x[0], Indices("cross_entropy.classes"), [], flow));
        CheckLoss(set, "poisson", ["log_rates"], (tape, x, flow) => tape.PoissonLoss(x[0], Floats("poisson.counts"), Floats("poisson.mask"), flow));
        CheckLoss(set, "contrastive", ["a", "b"], (tape, x, flow) => tape.ContrastiveLoss(x[0], x[1], File.Doubles("contrastive.temperature")[0], flow));
        CheckLoss(set, "contrastive_with_itself", ["a"], (tape, x, flow) => tape.ContrastiveLoss(x[0], x[0], File.Doubles("contrastive_with_itself.temperature")[0], flow));
        var weights = Floats("weighted_cross_entropy.weights");
        int[] classes = [.. Indices("weighted_cross_entropy.classes").Zip(File.Bytes("weighted_cross_entropy.mask").ToArray(), (wanted, valid) => valid == 1 ? wanted : -1)];
        CheckLoss(set, "weighted_cross_entropy", ["logits"], (tape, x, flow) => tape.CrossEntropyLoss(x[0], classes, weights, flow / weights.Sum()));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Losses(string set)
    {
        foreach (var (name, kind) in new[] { ("weighted_squared_error", LossKind.Squared), ("huber", LossKind.Huber) })
        {
            // smooth_l1(e, beta) = beta huber(e / beta); its slope is huber's at e / beta.
            var beta = kind == LossKind.Huber ? File.Doubles(name + ".beta")[0] : 1;
            var weights = Array.ConvertAll(File.Doubles(name + ".weights"), value => (float)value);
            var mask = File.Bytes(name + ".mask").ToArray();
            var targets = File.Doubles(name + ".target").Select((value, i) => mask[i / 3] == 1 ? (float)(value / beta) : float.NaN).ToArray();
            var prediction = new Parameter("pred", ParameterKind.Dense, Array.ConvertAll(File.Doubles(name + ".pred"), value => (float)(value / beta)), 12, 3);
            var parameters = new ParameterSet([prediction], []);
            var gradients = new GradientSet(parameters);
            var tape = new Tape(new PackedParameters(parameters, KernelSets.Named(set)), gradients);
            tape.Begin(true, 0);
            var flow = File.Doubles(name + ".grad_out")[0];
            var loss = tape.Loss(GradientCheck.All(tape, prediction), targets, weights, kind, flow / weights.Sum());
            tape.Backward();
            Samples.AssertWithin(flow * File.Doubles(name + ".out")[0], (float)(beta * loss), Tolerance, name);
            var expected = File.Doubles(name + ".grad_pred");
            for (var i = 0; i < expected.Length; i++) Samples.AssertWithin(expected[i], gradients[0][i], Tolerance * expected.Max(Math.Abs), $"{name}, at {i}");
        }
    }

    private static void CheckAttention(string set, string name, bool isTurned, bool turnsValues, int[] seen, AttentionSegment[] segments)
    {
        const int Heads = 2, HeadDim = 6;
        var time = new RotaryTime(Array.ConvertAll(File.Doubles(name + ".omega"), value => (float)value));
        var kernels = KernelSets.Named(set);
        var (queryTimes, keyTimes) = (time.Table(File.Doubles(name + ".query_times"), kernels), time.Table(File.Doubles(name + ".key_times"), kernels));
        int[] queries = [.. Enumerable.Range(0, 8)];

        // The frequencies are float32 here: up to 100 turns lose 4e-5 of a radian.
        new Run(set, name, "q", "k", "v") { Bound = isTurned ? 2e-4 : Tolerance }.Check((tape, p) =>
        {
            var q = GradientCheck.All(tape, p[0]);
            var (k, v) = (tape.Rows(p[1], seen), tape.Rows(p[2], seen));
            if (isTurned) tape.Rotate(q, 0, Heads, HeadDim, queryTimes, queries);
            if (isTurned) tape.Rotate(k, 0, Heads, HeadDim, keyTimes, seen);
            if (turnsValues) tape.Rotate(v, 0, Heads, HeadDim, keyTimes, seen);
            var attended = tape.Attend(q, 0, k, 0, v, 0, Heads, HeadDim, segments, 8, 0);
            if (turnsValues) tape.Rotate(attended, 0, Heads, HeadDim, queryTimes, queries, back: true);
            return attended;
        });
    }

    private static void CheckLoss(string set, string name, string[] inputs, Func<Tape, Variable[], double, double> loss)
    {
        Parameter[] all = [.. inputs.Select(input =>
        {
            var shape = File.Tensors[$"{name}.{input}"].Shape;
            return new Parameter(input, ParameterKind.Dense, Floats($"{name}.{input}"), shape.SkipLast(1).Aggregate(1L, (a, b) => a * b), shape[^1]);
        })];
        var parameters = new ParameterSet(all, []);
        var gradients = new GradientSet(parameters);
        var tape = new Tape(new PackedParameters(parameters, KernelSets.Named(set)), gradients);
        tape.Begin(true, 0);
        var flow = File.Doubles(name + ".grad_out")[0];
        var cost = loss(tape, [.. all.Select(input => GradientCheck.All(tape, input))], flow);
        tape.Backward();
        Assert.Equal(flow * File.Doubles(name + ".out")[0], cost, 1e-5 * Math.Abs(cost));
        for (var input = 0; input < all.Length; input++)
        {
            var expected = File.Doubles($"{name}.grad_{inputs[input]}");
            var largest = expected.Max(Math.Abs);
            for (var i = 0; i < expected.Length; i++)
                Samples.AssertWithin(expected[i], gradients[input][i], Tolerance * largest, $"{set}, {name}: gradient of {inputs[input]}, at {i}");
        }
    }

    private static float[] Floats(string name) => Array.ConvertAll(File.Doubles(name), value => (float)value);

    private static int[] Indices(string name) => Array.ConvertAll(File.Longs(name), value => (int)value);

    private static int[] Shown(string name) => [.. File.Bytes(name + ".mask").ToArray().Index().Where(entry => entry.Item == 1).Select(entry => entry.Index)];

    /// <summary>One operation of the file on one set of kernels.</summary>
    private sealed class Run
    {
        private readonly string _name;
        private readonly string _set;
        private readonly Parameter[] _inputs;

        public Run(string set, string name, params string[] inputs)
            : this(set, name, inputs, ParameterKind.Dense)
        {
        }

        public Run(string set, string name, string[] inputs, ParameterKind firstKind)
        {
            (_set, _name) = (set, name);
            _inputs = [.. inputs.Select((input, i) =>
            {
                var tensor = $"{name}.{input}";
                var shape = File.Tensors[tensor].Shape;

                // Rows of steps and sequences are stacked.
                long[] rows = shape.Count == 1 ? [.. shape] : [shape.SkipLast(1).Aggregate(1L, (a, b) => a * b), shape[^1]];
                return new Parameter(input, i == 0 ? firstKind : ParameterKind.Dense, Array.ConvertAll(File.Doubles(tensor), value => (float)value), rows);
            })];
        }

        public double Bound { get; init; } = Tolerance;

        public void Check(Func<Tape, Parameter[], Variable> forward)
        {
            var parameters = new ParameterSet(_inputs, []);
            var gradients = new GradientSet(parameters);
            var tape = new Tape(new PackedParameters(parameters, KernelSets.Named(_set)), gradients);
            tape.Begin(false, 0);
            var result = forward(tape, _inputs);
            Near(File.Doubles(_name + ".out"), result.Value, "out");

            // A squared error whose slope is the gradient that flows in.
            var flow = File.Doubles(_name + ".grad_out");
            var targets = flow.Select((value, i) => (float)(result.Value[i] - value)).ToArray();
            var weights = new float[result.Rows];
            Array.Fill(weights, 1f);
            tape.Loss(result, targets, weights, LossKind.Squared, result.Width / 2.0);
            tape.Backward();
            for (var i = 0; i < _inputs.Length; i++) Near(File.Doubles($"{_name}.grad_{_inputs[i].Name}"), gradients[i], "gradient of " + _inputs[i].Name);
        }

        private void Near(double[] expected, ReadOnlySpan<float> actual, string what)
        {
            Assert.Equal(expected.Length, actual.Length);
            var largest = expected.Max(Math.Abs);
            for (var i = 0; i < expected.Length; i++) Samples.AssertWithin(expected[i], actual[i], Bound * largest, $"{_set}, {_name}: {what}, at {i}");
        }
    }
}
