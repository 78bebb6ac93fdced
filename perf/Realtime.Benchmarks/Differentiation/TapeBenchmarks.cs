using BenchmarkDotNet.Attributes;
using Realtime.Benchmarks.Kernels;
using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;

namespace Realtime.Benchmarks.Differentiation;

/// <summary>
/// Forward and back through the parts that training of transformers spends its time in, for eight windows: a processor layer of POYO 1.3M, its
/// encoder's attention, and POSSM's one query per chunk and its GRU.
/// </summary>
[MemoryDiagnoser]
public class TapeBenchmarks
{
    private const int Windows = 8;
    private const int Latents = 128;
    private const int Tokens = 1692;
    private const int Chunks = 20 * Windows;
    private const int ChunkTokens = 75;

    private Parameter _latents = null!;
    private Parameter _wide = null!;
    private Parameter _tokens = null!;
    private Parameter _chunkTokens = null!;
    private Parameter _chunks = null!;
    private Parameter _toQueryKeyValue = null!;
    private GruParameters _gru = null!;
    private Tape _tape = null!;

    [ParamsSource(nameof(Sets))]
    public string Set { get; set; } = "";

    public static IEnumerable<string> Sets => KernelSet.Supported.Select(set => set.Name);

    [GlobalSetup]
    public void Setup()
    {
        _latents = Matrix("latents", Windows * Latents, 64);
        _wide = Matrix("wide", Windows * Latents, 1536);
        _tokens = Matrix("tokens", Windows * Tokens, 256);
        _chunkTokens = Matrix("chunk_tokens", Chunks * ChunkTokens, 128);
        _chunks = Matrix("chunks", Chunks, 64);
        _toQueryKeyValue = Matrix("to_qkv", 1536, 64);
        _gru = new GruParameters(Matrix("w_ih", 768, 64), Matrix("w_hh", 768, 256), Vector("b_ih", 768), Vector("b_hh", 768));
        var parameters = new ParameterSet(
            [_latents, _wide, _tokens, _chunkTokens, _chunks, _toQueryKeyValue, _gru.InputWeight, _gru.HiddenWeight, _gru.InputBias, _gru.HiddenBias], []);
        _tape = new Tape(new PackedParameters(parameters, KernelSet.Supported.Single(set => set.Name == Set)), new GradientSet(parameters));
    }

    [Benchmark]
    public double LinearToHeads() => Step(() => _tape.Linear(All(_latents), _toQueryKeyValue, null));

    [Benchmark]
    public double SelfAttention()
    {
        var segments = Segments(Windows, Latents, Latents);
        return Step(() =>
        {
            var x = All(_wide);
            return _tape.Attend(x, 0, x, 512, x, 1024, 8, 64, segments, Windows * Latents, 0.2);
        });
    }

    [Benchmark]
    public double EncoderAttention()
    {
        var segments = Segments(Windows, Latents, Tokens);
        return Step(() =>
        {
            var x = All(_tokens);
            return _tape.Attend(All(_wide), 0, x, 0, x, 128, 2, 64, segments, Windows * Latents, 0.2);
        });
    }

    [Benchmark]
    public double ChunkAttention()
    {
        var segments = Segments(Chunks, 1, ChunkTokens);
        return Step(() =>
        {
            var x = All(_chunkTokens);
            return _tape.Attend(All(_chunks), 0, x, 0, x, 64, 1, 64, segments, Chunks, 0);
        });
    }

    [Benchmark]
    public double Recurrence() => Step(() => _tape.Gru(All(_chunks), _gru, Windows));

    private double Step(Func<Variable> forward)
    {
        _tape.Begin(true, 1);
        var y = forward();
        var loss = _tape.Loss(y, new float[y.Rows * y.Width], new float[y.Rows], LossKind.Squared, 1);
        _tape.Backward();
        return loss;
    }

    private Variable All(Parameter parameter) => _tape.Rows(parameter, [.. Enumerable.Range(0, parameter.Rows)]);

    private static AttentionSegment[] Segments(int count, int queries, int keys) =>
        [.. Enumerable.Range(0, count).Select(i => new AttentionSegment(i * queries, queries, i * keys, keys, i * queries))];

    private static Parameter Matrix(string name, int rows, int width) =>
        new(name, ParameterKind.Dense, RandomFloats.Make(rows * width, -0.1, 0.1), rows, width);

    private static Parameter Vector(string name, int width) => new(name, ParameterKind.Dense, RandomFloats.Make(width, -0.1, 0.1), width);
}
