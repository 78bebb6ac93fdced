using Realtime.Models.Differentiation;
using Realtime.Models.Tests.Kernels;

namespace Realtime.Models.Tests.Differentiation;

public sealed class LossTests
{
    private static readonly float[] Prediction = [1, 2, -3, 0.5f, 4, 7, -2, 1, 0];
    private static readonly float[] Targets = [0.5f, float.NaN, -1, float.NaN, float.NaN, float.NaN, -2.25f, 3, 0];

    [Fact]
    public void Squared_errors_are_averaged_over_known_outputs()
    {
        var (loss, gradient) = Run(LossKind.Squared, [2, 3, 0.5f], 0.25);
        var expected = 0.25 * (2 * (0.25 + 4) / 2 + 0.5 * (0.0625 + 4 + 0) / 3);
        Assert.Equal(expected, loss, 12);
        var shares = new[] { 0.25 * 2 / 2, 0, 0.25 * 0.5 / 3 };
        for (var i = 0; i < 9; i++)
            Assert.Equal(float.IsNaN(Targets[i]) ? 0 : 2 * shares[i / 3] * (Prediction[i] - Targets[i]), gradient[i], 6);
    }

    [Fact]
    public void Huber_is_linear_beyond_1()
    {
        var (loss, gradient) = Run(LossKind.Huber, [1, 1, 1], 1);
        Assert.Equal((0.125 + 1.5) / 2 + (0.03125 + 1.5) / 3, loss, 12);
        Assert.Equal([0.25f, 0, -0.5f, 0, 0, 0, 0.25f / 3, -1 / 3f, 0], gradient, new Near());
    }

    [Fact]
    public void Absolute_costs_the_error_itself()
    {
        var (loss, gradient) = Run(LossKind.Absolute, [1, 1, 1], 1);
        Assert.Equal((0.5 + 2) / 2 + (0.25 + 2) / 3, loss, 12);
        Assert.Equal([0.5f, 0, -0.5f, 0, 0, 0, 1 / 3f, -1 / 3f, 0], gradient, new Near());
    }

    [Fact]
    public void Parts_of_a_batch_add_up()
    {
        var whole = Run(LossKind.Squared, [2, 3, 0.5f], 0.25).Loss;
        Assert.Equal(whole, Run(LossKind.Squared, [2, 0, 0], 0.25).Loss + Run(LossKind.Squared, [0, 3, 0.5f], 0.25).Loss, 12);
    }

    private static (double Loss, float[] Gradient) Run(LossKind kind, float[] weights, double scale)
    {
        var table = new Parameter("p", ParameterKind.Dense, Prediction, 3, 3);
        var parameters = new ParameterSet([table], []);
        var gradients = new GradientSet(parameters);
        var tape = new Tape(new PackedParameters(parameters, KernelSets.Named("portable")), gradients);
        tape.Begin(true, 0);
        var loss = tape.Loss(tape.Rows(table, [0, 1, 2]), Targets, weights, kind, scale);
        tape.Backward();
        return (loss, gradients[0].ToArray());
    }

    private sealed class Near : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) < 2e-6f;

        public int GetHashCode(float value) => 0;
    }
}
