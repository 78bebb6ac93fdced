using BenchmarkDotNet.Attributes;
using Realtime.Acquisition.MessagePack;
using Realtime.Acquisition.Predictions;
using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;

namespace Realtime.Benchmarks.Predictions;

/// <summary>The cost of the prediction message at the sender (once a tick) and at a C# subscriber.</summary>
[MemoryDiagnoser]
public class PredictionMessageBenchmarks
{
    private readonly PredictionMessage _message = new();
    private PredictionMessageWriter _writer = null!;
    private TickAnswer _answer;
    private float[] _values = [];
    private byte[] _buffer = [];
    private byte[] _encoded = [];

    /// <summary>Output channels: a cursor in the plane, an arm, the most there can be.</summary>
    [Params(2, 16, PredictionSchema.MaxOutputs)]
    public int Outputs { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var outputs = Enumerable.Range(0, Outputs).Select(i => new OutputChannel($"channel_{i}", "cm")).ToArray();
        _values = Enumerable.Range(0, Outputs).Select(i => i * 0.25f).ToArray();
        _writer = new PredictionMessageWriter(
            "2025-03-14_rat7_a", "wiener", new string('a', 64), outputs, 30_000, 1_741_944_600_000_000_000);
        _buffer = new byte[_writer.MaxBytes];
        _answer = new TickAnswer
        {
            Tick = 123_456,
            Spikes = 87,
            DataNs = 2_469_120_000_000,
            Sample = 74_073_600,
            EmittedNs = 98_765_402_000_000,
            AgeNs = 6_150_000,
            ClockUncertaintyNs = 210_000,
            Status = AnswerStatus.Fresh,
        };
        _encoded = _buffer[.._writer.Write(_answer, _values, _buffer)];
        if (!PredictionMessageReader.TryRead(_encoded, _message, out var error)) throw new InvalidOperationException(error.ToString());
    }

    [Benchmark]
    public int Write() => _writer.Write(_answer, _values, _buffer);

    [Benchmark]
    public bool Read() => PredictionMessageReader.TryRead(_encoded, _message, out _);

    /// <summary>The codec alone: every value checked, none kept.</summary>
    [Benchmark]
    public bool Skip()
    {
        var reader = new MsgPackReader(_encoded);
        return reader.TrySkip() && reader.TryReadEnd();
    }
}
