using BenchmarkDotNet.Attributes;
using Realtime.Models.Kernels;

namespace Realtime.Benchmarks.Kernels;

/// <summary>Self-attention of 256 latents, two heads of 64, per kernel set.</summary>
[MemoryDiagnoser]
public class AttentionBenchmarks
{
    private const int Keys = 256;
    private const int Width = 128;

    private static readonly AttentionShape Shape = new()
    {
        Queries = Keys,
        Keys = Keys,
        Heads = 2,
        HeadDim = 64,
        QueryStride = Width,
        KeyStride = Width,
        ValueStride = Width,
        OutputStride = Width,
    };

    private KernelSet _kernels = null!;
    private float[] _q = null!;
    private float[] _k = null!;
    private float[] _v = null!;
    private float[] _bias = null!;
    private float[] _output = null!;
    private float[] _scratch = null!;

    [ParamsSource(nameof(Sets))]
    public string Set { get; set; } = "";

    public static IEnumerable<string> Sets => KernelSet.Supported.Select(set => set.Name);

    [GlobalSetup]
    public void Setup()
    {
        _kernels = KernelSet.Supported.Single(set => set.Name == Set);
        _q = RandomFloats.Make(Keys * Width, -0.2, 0.2);
        (_k, _v) = (RandomFloats.Make(Keys * Width), RandomFloats.Make(Keys * Width));
        _bias = new float[Keys];
        _output = new float[Keys * Width];
        _scratch = new float[_kernels.AttentionScratch(Keys, 64)];
    }

    [Benchmark(Baseline = true)]
    public void Attend() => _kernels.Attend(Shape, _q, _k, _v, [], _output, _scratch);

    [Benchmark]
    public void AttendWithKeyBias() => _kernels.Attend(Shape, _q, _k, _v, _bias, _output, _scratch);
}
