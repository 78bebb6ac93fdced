using Realtime.Models.Kernels;

namespace Realtime.Models.Tests.Kernels;

/// <summary>What has no sum over lanes gives the same bits in every set whose multiply-add is fused.</summary>
public sealed class SetsAgreeTests
{
    [Fact]
    public void Elementary_functions_agree_to_the_bit()
    {
        var x = new float[1 << 20];
        for (var i = 0; i < x.Length; i++) x[i] = BitConverter.UInt32BitsToSingle((uint)i * 4093);
        var number = x.Where(value => !float.IsNaN(value)).ToArray();
        Agree(number.Length, (kernels, y) => kernels.Exp(number, y));
        Agree(number.Length, (kernels, y) => kernels.Erf(number, y));
    }

    [Fact]
    public void Gated_gelu_rotation_and_gates_agree_to_the_bit()
    {
        var random = new Random(70);
        var hidden = Samples.Normal(random, 2 * 5 * 70, 2);
        Agree(5 * 70, (kernels, y) => kernels.Geglu(hidden, 5, 70, y));
        var (input, gates, state) = (Samples.Normal(random, 210), Samples.Normal(random, 210), Samples.Normal(random, 70));
        Agree(70, (kernels, y) =>
        {
            state.CopyTo(y, 0);
            kernels.GruGates(input, gates, y);
        });
        var table = new RotaryTable(5, 7);
        Samples.Normal(random, 70).CopyTo(table.Cos);
        Samples.Normal(random, 70).CopyTo(table.Sin);
        Agree(5 * 70, (kernels, y) =>
        {
            hidden.AsSpan(0, y.Length).CopyTo(y);
            kernels.Rotate(y, 70, 3, 20, table, 0, 5);
        });
    }

    [Fact]
    public void Products_agree_to_the_bit()
    {
        var random = new Random(71);
        foreach (var (rows, inputs, outputs) in new[] { (1, 40, 300), (13, 33, 70), (8, 128, 64) })
        {
            var (a, weight, bias) = (Samples.Normal(random, rows * inputs), Samples.Normal(random, outputs * inputs), Samples.Normal(random, outputs));
            var before = Samples.Normal(random, rows * outputs);
            Agree(rows * outputs, (kernels, y) =>
            {
                before.CopyTo(y, 0);
                kernels.Multiply(a, inputs, rows, kernels.Pack(weight, outputs, inputs, bias), y, outputs, accumulate: true);
            });
        }
    }

    /// <summary>These are not even fused: sets of all processors agree.</summary>
    [Fact]
    public void Cosines_and_sines_agree_to_the_bit_with_plain_arithmetic()
    {
        var turns = Samples.Normal(new Random(72), 1001, 5).Select(value => (double)value).ToArray();
        var (cos, sin) = (new float[turns.Length], new float[turns.Length]);
        KernelSet.Best.CosSinTurns(turns, cos, sin);
        foreach (var kernels in KernelSet.Supported)
        {
            var (otherCos, otherSin) = (new float[turns.Length], new float[turns.Length]);
            for (var i = 0; i < turns.Length; i++) kernels.CosSinTurns(turns.AsSpan(i, 1), otherCos.AsSpan(i, 1), otherSin.AsSpan(i, 1));
            Samples.AssertSameBits(cos, otherCos, kernels.Name);
            Samples.AssertSameBits(sin, otherSin, kernels.Name);
        }
    }

    private static void Agree(int length, Action<KernelSet, float[]> run)
    {
        float[]? first = null;
        foreach (var kernels in KernelSets.Fused)
        {
            var y = new float[length];
            run(kernels, y);
            if (first is null) first = y;
            else Samples.AssertSameBits(first, y, $"{kernels.Name} against {KernelSets.Fused[0].Name}");
        }
    }
}
