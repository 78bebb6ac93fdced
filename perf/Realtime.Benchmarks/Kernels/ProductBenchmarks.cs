using BenchmarkDotNet.Attributes;
using Realtime.Models.Kernels;

namespace Realtime.Benchmarks.Kernels;

/// <summary>Matrix products of the models' shapes, per kernel set. Floating-point operations: 2 × rows × inputs × outputs.</summary>
[MemoryDiagnoser]
public class ProductBenchmarks
{
    private KernelSet _kernels = null!;
    private PackedMatrix _weight = null!;
    private float[] _a = null!;
    private float[] _c = null!;

    [ParamsSource(nameof(Sets))]
    public string Set { get; set; } = "";

    [ParamsSource(nameof(Shapes))]
    public ProductShape Shape { get; set; } = null!;

    public static IEnumerable<string> Sets => KernelSet.Supported.Select(set => set.Name);

    /// <summary>A gated map of many latents, the per-head width of an encoder, and a map of few rows.</summary>
    public static IEnumerable<ProductShape> Shapes => [new(256, 128, 1536), new(128, 64, 192), new(8, 128, 512)];

    [GlobalSetup]
    public void Setup()
    {
        _kernels = KernelSet.Supported.Single(set => set.Name == Set);
        _weight = _kernels.Pack(RandomFloats.Make(Shape.Outputs * Shape.Inputs), Shape.Outputs, Shape.Inputs, RandomFloats.Make(Shape.Outputs));
        _a = RandomFloats.Make(Shape.Rows * Shape.Inputs);
        _c = new float[Shape.Rows * Shape.Outputs];
    }

    [Benchmark]
    public void Multiply() => _kernels.Multiply(_a, Shape.Inputs, Shape.Rows, _weight, _c, Shape.Outputs);
}
