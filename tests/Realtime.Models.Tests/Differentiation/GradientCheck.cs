using Realtime.Models.Differentiation;
using Realtime.Models.Tests.Kernels;

namespace Realtime.Models.Tests.Differentiation;

/// <summary>
/// Holds a tape's result and gradients to a function in double: the result number by number, and gradients to central differences of the
/// squared error to random targets. NaN lies in the tape's memory beforehand.
/// </summary>
internal sealed class GradientCheck
{
    private const int Coordinates = 24;
    private const double Step = 1e-5;

    private readonly List<Parameter> _parameters = [];
    private readonly Random _random;

    public GradientCheck(int seed) => _random = new Random(seed);

    public bool IsTraining { get; init; }

    public ulong Seed { get; init; } = 5;

    /// <summary>Of the gradients, as a share of the largest one of the parameter.</summary>
    public double Tolerance { get; init; } = 2e-5;

    public Parameter Normal(string name, int rows, int width, double deviation = 1, double mean = 0) =>
        Add(new Parameter(name, ParameterKind.Dense, Samples.Normal(_random, rows * width, deviation, mean), rows, width));

    public Parameter Vector(string name, int width, double deviation = 1, double mean = 0) =>
        Add(new Parameter(name, ParameterKind.Dense, Samples.Normal(_random, width, deviation, mean), width));

    public Parameter Add(Parameter parameter)
    {
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>All rows of a parameter as a result that needs a gradient.</summary>
    public static Variable All(Tape tape, Parameter parameter) => tape.Rows(parameter, [.. Enumerable.Range(0, parameter.Rows)]);

    /// <param name="set">Kernels.</param>
    /// <param name="forward">On the tape.</param>
    /// <param name="reference">The same from the parameters' values in their order.</param>
    public void Run(string set, Func<Tape, Variable> forward, Func<double[][], double[]> reference)
    {
        var parameters = new ParameterSet(_parameters, []);
        var gradients = new GradientSet(parameters);
        var tape = new Tape(new PackedParameters(parameters, KernelSets.Named(set)), gradients);
        var values = _parameters.Select(parameter => Array.ConvertAll(parameter.Value.ToArray(), value => (double)value)).ToArray();
        var expected = reference(values);
        var targets = Samples.Normal(_random, expected.Length);

        var first = Pass(tape, forward, targets, expected, set);
        var bits = Enumerable.Range(0, parameters.Count).Select(i => gradients[i].ToArray()).ToArray();
        gradients.Clear();
        Assert.Equal(first, Pass(tape, forward, targets, expected, set));
        for (var i = 0; i < parameters.Count; i++) Samples.AssertSameBits(bits[i], gradients[i], $"{set}: gradient of {parameters[i].Name}, second time");

        var loss = Loss(expected, targets);
        Assert.True(Math.Abs(first - loss) <= 2e-5 * Math.Max(1e-3, loss), $"{set}: loss {first:R} instead of {loss:R}.");
        for (var i = 0; i < parameters.Count; i++) CheckParameter(set, parameters[i].Name, bits[i], values[i], () => Loss(reference(values), targets));
    }

    private double Pass(Tape tape, Func<Tape, Variable> forward, float[] targets, double[] expected, string set)
    {
        tape.Begin(false, 0);
        tape.Constant(1000, 300).Value.Fill(float.NaN);
        tape.Begin(IsTraining, Seed);
        var result = forward(tape);
        var largest = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, result.Rows * result.Width);
        for (var i = 0; i < expected.Length; i++) Samples.AssertWithin(expected[i], result.Value[i], 1e-5 * Math.Max(largest, 1e-3), $"{set}: result at {i}");
        var weights = new float[result.Rows];
        Array.Fill(weights, result.Width);
        var loss = tape.Loss(result, targets, weights, LossKind.Squared, 1.0 / expected.Length);
        tape.Backward();
        return loss;
    }

    private static double Loss(double[] y, float[] targets) => y.Select((value, i) => (value - targets[i]) * (value - targets[i])).Average();

    private void CheckParameter(string set, string name, float[] gradient, double[] values, Func<double> loss)
    {
        var picked = Enumerable.Range(0, Math.Min(Coordinates, values.Length)).Select(i => values.Length <= Coordinates ? i : _random.Next(values.Length)).ToArray();
        var largest = gradient.Max(Math.Abs);
        Assert.True(float.IsFinite(largest) && gradient.All(float.IsFinite), $"{set}: gradient of {name} is not finite.");
        foreach (var i in picked)
        {
            var kept = values[i];
            values[i] = kept + Step;
            var above = loss();
            values[i] = kept - Step;
            var below = loss();
            values[i] = kept;
            Samples.AssertWithin((above - below) / (2 * Step), gradient[i], Tolerance * largest + 1e-7, $"{set}: gradient of {name} at {i}");
        }
    }
}
