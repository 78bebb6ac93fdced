using BenchmarkDotNet.Attributes;
using Realtime.Models.Kernels;

namespace Realtime.Benchmarks.Kernels;

/// <summary>Kernels without products, per kernel set; each reads one array and writes another, so that calls do not change their input.</summary>
[MemoryDiagnoser]
public class ElementwiseBenchmarks
{
    private KernelSet _kernels = null!;
    private float[] _exponents = null!;
    private float[] _powers = null!;
    private float[] _latents = null!;
    private float[] _normal = null!;
    private float[] _gain = null!;
    private float[] _bias = null!;
    private float[] _hidden = null!;
    private float[] _gated = null!;
    private float[] _scores = null!;
    private float[] _weights = null!;
    private double[] _turns = null!;
    private float[] _cos = null!;
    private float[] _sin = null!;
    private float[] _gates = null!;
    private float[] _state = null!;

    [ParamsSource(nameof(Sets))]
    public string Set { get; set; } = "";

    public static IEnumerable<string> Sets => KernelSet.Supported.Select(set => set.Name);

    [GlobalSetup]
    public void Setup()
    {
        _kernels = KernelSet.Supported.Single(set => set.Name == Set);
        (_exponents, _powers) = (RandomFloats.Make(65_536, -80, 0), new float[65_536]);
        (_latents, _normal) = (RandomFloats.Make(256 * 128), new float[256 * 128]);
        (_gain, _bias) = (RandomFloats.Make(128), RandomFloats.Make(128));
        (_hidden, _gated) = (RandomFloats.Make(2 * 256 * 512, -4, 4), new float[256 * 512]);
        (_scores, _weights) = (RandomFloats.Make(2048 * 256, -10, 10), new float[2048 * 256]);
        _turns = [.. RandomFloats.Make(1024, -100, 100).Select(value => (double)value)];
        (_cos, _sin) = (new float[1024], new float[1024]);
        (_gates, _state) = (RandomFloats.Make(3 * 512), new float[512]);
    }

    [Benchmark(OperationsPerInvoke = 65_536)]
    public void Exp() => _kernels.Exp(_exponents, _powers);

    [Benchmark(OperationsPerInvoke = 65_536)]
    public void Erf() => _kernels.Erf(_exponents, _powers);

    [Benchmark(OperationsPerInvoke = 2048 * 256)]
    public void SoftmaxOf2048RowsOf256WithACopy()
    {
        _scores.CopyTo(_weights, 0);
        _kernels.Softmax(_weights, 2048, 256);
    }

    [Benchmark(OperationsPerInvoke = 256 * 128)]
    public void LayerNormOf256RowsOf128() => _kernels.LayerNorm(_latents, 256, 128, _gain, _bias, _normal);

    [Benchmark(OperationsPerInvoke = 256 * 512)]
    public void GegluOf256RowsOf512() => _kernels.Geglu(_hidden, 256, 512, _gated);

    [Benchmark(OperationsPerInvoke = 1024)]
    public void CosSinTurns() => _kernels.CosSinTurns(_turns, _cos, _sin);

    [Benchmark(OperationsPerInvoke = 512)]
    public void GruGates() => _kernels.GruGates(_gates, _gates, _state);
}
