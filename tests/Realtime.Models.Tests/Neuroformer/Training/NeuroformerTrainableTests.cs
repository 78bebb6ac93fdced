using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Neuroformer;
using Realtime.Models.Neuroformer.Training;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Neuroformer.Training;

/// <summary>Neuroformer as it is trained: against the plain form, and its losses and gradients against upstream's under PyTorch in float64.</summary>
public sealed class NeuroformerTrainableTests(ITestOutputHelper output)
{
    public static TheoryData<string> Kernels => [.. KernelSet.Supported.Select(set => set.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Losses_and_every_gradient_are_upstreams(string kernelName)
    {
        var golden = new NeuroformerTrainingGolden();
        var network = new NeuroformerTrainable(golden.Weights);
        var (tape, gradients) = TapeOf(network, kernelName);
        tape.Begin(isTraining: true, 1);
        var losses = NeuroformerLoss.Run(tape, network, golden.Samples, new NeuroformerLossWeights(), 1.0 / golden.Samples.Count);
        tape.Backward();
        using var expected = NeuroformerTrainingGolden.Expected();
        Assert.Equal(expected.Doubles("loss.id")[0], losses.Id, 1e-5);
        Assert.Equal(expected.Doubles("loss.time")[0], losses.Dt, 1e-5);
        Assert.Equal(expected.Doubles("loss.clip")[0], losses.Contrastive, 1e-5);
        Assert.Equal(expected.Doubles("loss.speed")[0] + expected.Doubles("loss.choice")[0], losses.Behavior, 1e-5);
        double worst = 0;
        for (var i = 0; i < network.Parameters.Count; i++)
        {
            var name = network.Parameters[i].Name;
            var due = expected.Floats($"grad.{name}");
            var largest = due.Max(Math.Abs);
            Assert.Equal(due.Length, gradients[i].Length);
            var off = 0f;
            for (var j = 0; j < due.Length; j++) off = Math.Max(off, Math.Abs(due[j] - gradients[i][j]));

            // Key biases shift all scores of a query alike: their gradient is 0 but for rounding.
            Assert.True(off <= 1e-4 * largest + 1e-6, $"{name}: off by {off:E2}, largest {largest:E2}");
            if (largest > 1e-6) worst = Math.Max(worst, off / largest);
        }

        output.WriteLine($"{kernelName}: {worst:E1} of a tensor's largest gradient");
        string[] upstream = [.. expected.Tensors.Keys.Where(name => name.StartsWith("grad.", StringComparison.Ordinal) && !name.EndsWith(".mlp.ln.weight", StringComparison.Ordinal)).Order()];
        Assert.Equal(upstream, Enumerable.Range(0, network.Parameters.Count).Select(i => $"grad.{network.Parameters[i].Name}").Order());
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Answers_are_those_of_the_plain_form(string kernelName)
    {
        var golden = new NeuroformerTrainingGolden();
        var kernels = KernelSet.Supported.Single(set => set.Name == kernelName);
        NeuroformerWindow[] windows = [.. golden.Samples.Select(sample => sample.Window)];
        var plain = new NeuroformerNetwork(golden.Weights, kernels).Forward(windows);
        var network = new NeuroformerTrainable(golden.Weights);
        var (tape, _) = TapeOf(network, kernelName);
        tape.Begin(isTraining: false, 0);
        var pass = network.Forward(tape, windows);
        Near(plain.LastLayer, pass.Last.Value, "last layer");
        Near(plain.Pooled, pass.Pooled.Value, "pooled");
        Near(plain.IdLogits, network.IdLogits(tape, pass.Last).Value, "id");
        Near(plain.DtLogits, network.DtLogits(tape, pass.Last).Value, "dt");
        Near(plain.Predictions[0][1], network.Predict(tape, pass, 0, 1).Value, "speed");
        Near(plain.Predictions[0][2], network.Predict(tape, pass, 0, 2).Value, "choice");
        var contrast = network.Contrast(tape, pass, windows);
        for (var i = 0; i < contrast.Count; i++) Near(plain.Contrast[i], contrast[i].Value, golden.Config.ContrastiveVars[i]);

        void Near(float[] due, Span<float> found, string what)
        {
            Assert.Equal(due.Length, found.Length);
            for (var i = 0; i < due.Length; i++) Assert.True(Math.Abs(due[i] - found[i]) <= 1e-5 * Math.Max(1, Math.Abs(due[i])), $"{kernelName}, {what}[{i}]: {found[i]} for {due[i]}");
        }
    }

    [Fact]
    public void Tensors_go_to_a_file_and_back()
    {
        var golden = new NeuroformerTrainingGolden();
        var network = new NeuroformerTrainable(golden.Weights);
        var again = NeuroformerTrainable.Of(NeuroformerTrainable.FileTensors(network.Parameters.ToTensors(), golden.Config), golden.Config);
        for (var i = 0; i < network.Parameters.Count; i++)
            Assert.Equal(network.Parameters[i].Value.ToArray(), again.Parameters[network.Parameters[i].Name].Value.ToArray());
    }

    [Fact]
    public void Only_weights_of_linear_maps_decay()
    {
        var network = new NeuroformerTrainable(new NeuroformerTrainingGolden().Weights);
        var decaying = Enumerable.Range(0, network.Parameters.Count).Select(i => network.Parameters[i]).Where(NeuroformerTrainable.Decays).Select(parameter => parameter.Name).ToHashSet();
        Assert.Contains("temp_emb.temp_emb.0.weight", decaying);
        Assert.Contains("head_id.weight", decaying);
        Assert.Contains("neural_visual_transformer.neural_state_history_blocks.1.mlp.2.weight", decaying);
        Assert.DoesNotContain("tok_emb.weight", decaying);
        Assert.DoesNotContain("video_encoder.conv_block.0.weight", decaying);
        Assert.DoesNotContain(decaying, name => name.Contains("pos_emb", StringComparison.Ordinal) || name.EndsWith("bias", StringComparison.Ordinal) || name.Contains(".ln", StringComparison.Ordinal));
    }

    [Fact]
    public void Windows_with_different_inputs_are_refused()
    {
        var golden = new NeuroformerTrainingGolden();
        var network = new NeuroformerTrainable(golden.Weights);
        var (tape, _) = TapeOf(network, KernelSet.Best.Name);
        tape.Begin(isTraining: false, 0);
        var other = golden.Samples[0].Window with { Inputs = [[null, null, null]] };
        Assert.Contains("different inputs", Assert.Throws<ArgumentException>(() => network.Forward(tape, [golden.Samples[1].Window, other])).Message, StringComparison.Ordinal);
    }

    private static (Tape Tape, GradientSet Gradients) TapeOf(NeuroformerTrainable network, string kernels)
    {
        var gradients = new GradientSet(network.Parameters);
        return (new Tape(new PackedParameters(network.Parameters, KernelSet.Supported.Single(set => set.Name == kernels)), gradients), gradients);
    }
}
