using Realtime.Models.Kernels;
using Realtime.Tests;

namespace Realtime.Models.Tests.Kernels;

public sealed class KernelAllocationTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void No_kernel_allocates(string set)
    {
        const int Rows = 9, Width = 70;
        var kernels = KernelSets.Named(set);
        var random = new Random(80);
        var (x, y) = (Samples.Normal(random, 2 * Rows * Width), new float[2 * Rows * Width]);
        var packed = kernels.Pack(Samples.Normal(random, Width * Width), Width, Width, Samples.Normal(random, Width));
        var half = kernels.PackHalf(Samples.Normal(random, Width * Width), Width, Width, Samples.Normal(random, Width));
        var table = new RotaryTable(Rows, 9);
        var turns = new double[Width];
        var (k, v) = (Samples.Normal(random, 40 * Width), Samples.Normal(random, 40 * Width));
        var scratch = new float[kernels.AttentionScratch(40, 35)];
        var (bias, masks) = (new float[40], new float[Rows * 40]);
        var shape = new AttentionShape
        {
            Queries = Rows,
            Keys = 40,
            Heads = 2,
            HeadDim = 35,
            QueryStride = Width,
            KeyStride = Width,
            ValueStride = Width,
            OutputStride = Width,
        };
        var state = new float[20];
        var kernel = new Dictionary<string, Action>
        {
            ["multiply"] = () => kernels.Multiply(x, Width, Rows, packed, y, Width, accumulate: true),
            ["multiply one row"] = () => kernels.Multiply(x, Width, 1, packed, y, Width),
            ["multiply bfloat16"] = () => kernels.Multiply(x, Width, Rows, half, y, Width, accumulate: true),
            ["multiply one row of bfloat16"] = () => kernels.Multiply(x, Width, 1, half, y, Width),
            ["attend"] = () => kernels.Attend(shape, x, k, v, bias, y, scratch),
            ["rotate"] = () => kernels.Rotate(y, Width, 2, 35, table, 0, Rows, back: true),
            ["normalize"] = () => kernels.Normalize(x, Rows, Width, y),
            ["layer norm"] = () => kernels.LayerNorm(x, Rows, Width, k, v, y),
            ["geglu"] = () => kernels.Geglu(x, Rows, Width, y),
            ["exp"] = () => kernels.Exp(x, y),
            ["erf"] = () => kernels.Erf(x, y),
            ["gelu"] = () => kernels.Gelu(x, y),
            ["softsign"] = () => kernels.Softsign(x, 8, y),
            ["relu"] = () => kernels.Relu(x, y),
            ["attend masked"] = () => kernels.AttendMasked(shape, x, k, v, masks, y, scratch),
            ["softmax"] = () => kernels.Softmax(y, Rows, Width),
            ["cosines"] = () => kernels.CosSinTurns(turns, y, x),
            ["gates"] = () => kernels.GruGates(x, x, state),
        };
        foreach (var (name, run) in kernel)
        {
            for (var i = 0; i < 50; i++) run();
            var bytes = AllocationGate.LeastBytes(() =>
            {
                for (var i = 0; i < 100; i++) run();
            });
            Assert.True(bytes == 0, $"{set}: {name} allocates {bytes} bytes in 100 calls.");
        }
    }
}
