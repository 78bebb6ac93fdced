using Realtime.Models.Differentiation;
using Realtime.Models.Tests.Kernels;

namespace Realtime.Models.Tests.Differentiation;

public sealed class GruGradientTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Layers_over_time(string set)
    {
        foreach (var (steps, sequences, inputs, width) in new[] { (1, 1, 3, 2), (1, 4, 5, 16), (6, 3, 5, 7), (9, 1, 17, 33), (12, 9, 8, 16), (40, 8, 3, 5) })
        {
            var check = new GradientCheck(steps + width);
            var x = check.Normal("x", steps * sequences, inputs);
            var layer = new GruParameters(
                check.Normal("weight_ih", 3 * width, inputs, 0.5), check.Normal("weight_hh", 3 * width, width, 0.5 / Math.Sqrt(width)),
                check.Vector("bias_ih", 3 * width, 0.5), check.Vector("bias_hh", 3 * width, 0.5));
            check.Run(
                set,
                tape => tape.Gru(GradientCheck.All(tape, x), layer, sequences),
                p => DoubleOperations.Gru(p[0], inputs, p[1], p[2], p[3], p[4], sequences));
        }
    }
}
