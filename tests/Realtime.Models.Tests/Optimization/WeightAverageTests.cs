using Realtime.Models.Differentiation;
using Realtime.Models.Optimization;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Optimization;

/// <summary>The running average of weights.</summary>
public sealed class WeightAverageTests
{
    [Fact]
    public void It_is_the_mean_at_first_and_exponential_later()
    {
        var parameters = Parameters();
        var average = new WeightAverage(parameters, 0.75);
        Assert.Equal(100, Value(average));
        float[] values = [1, 2, 6, 11, 4, 8];
        double[] expected = [1, 1.5, 3, 5, 4.75, 5.5625];
        for (var i = 0; i < values.Length; i++)
        {
            parameters[0].Value[4] = values[i];
            average.Update();
            Assert.Equal(expected[i], Value(average), 1e-6);
        }

        Assert.Equal(8, parameters[0].Value[4]);
        Assert.Equal(["w", "omega"], average.ToTensors().Select(tensor => tensor.Name));
    }

    [Fact]
    public void It_goes_on_to_the_bit_after_a_restore()
    {
        var random = new Random(1);
        var parameters = Parameters();
        var average = new WeightAverage(parameters, 0.6);
        for (var i = 0; i < 2; i++) Change();
        var restored = new WeightAverage(Parameters(), 0.6);
        restored.Restore(OptimizerState.Reader(average.Save()));
        Assert.Equal(Value(average), Value(restored));
        var other = new WeightAverage(parameters, 0.6);
        other.Restore(OptimizerState.Reader(average.Save()));
        for (var i = 0; i < 3; i++)
        {
            Change();
            other.Update();
        }

        Assert.Equal(Value(average), Value(other));
        Assert.Contains("average.w", Assert.Throws<ModelFormatException>(() => other.Restore(OptimizerState.Reader([]))).Message, StringComparison.Ordinal);

        void Change()
        {
            foreach (ref var value in parameters[0].Value) value = random.NextSingle();
            average.Update();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_decay_outside_its_range_is_refused(double decay) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightAverage(Parameters(), decay));

    private static ParameterSet Parameters() =>
        new([new Parameter("w", ParameterKind.Dense, Enumerable.Repeat(100f, 19).ToArray(), 19)], [TensorData.Of("omega", [1f], 1)]);

    private static float Value(WeightAverage average) => OptimizerState.Reader(average.ToTensors()).Floats("w", 19)[4];
}
