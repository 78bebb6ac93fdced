using Realtime.Engine.Answers;

namespace Realtime.Acquisition.Predictions;

/// <summary>
/// One prediction message as a subscriber reads it. Make one and read every message into it: the texts are made anew only when they
/// change. After a read that failed it is <see cref="AnswerStatus.NoData"/> with no values, so that nothing stale can be acted on.
/// </summary>
public sealed class PredictionMessage
{
    private readonly CachedText[] _names = NewTexts();
    private readonly CachedText[] _units = NewTexts();
    private readonly float[] _values = new float[PredictionSchema.MaxOutputs];
    private CachedText _run = new();
    private CachedText _model = new();
    private CachedText _modelHash = new();

    /// <summary>Names the run of the decoder; another one means that it was started anew.</summary>
    public string Run => _run.Value;

    /// <summary>Short name of the model.</summary>
    public string Model => _model.Value;

    /// <summary>Lower-case hexadecimal SHA-256 of the model file. Compare it with that of the model you mean to act on.</summary>
    public string ModelHash => _modelHash.Value;

    /// <summary>Samples per second of the reference stream, Hz.</summary>
    public double SampleRate { get; internal set; }

    /// <summary>Everything about the answer that the message carries; DueNs, ClosedNs and DecodedNs are 0.</summary>
    public TickAnswer Answer { get; internal set; }

    /// <summary>Emission by the wall clock, ns since 1970-01-01 UTC. For people; it steps when the clock is set.</summary>
    public long WallNs { get; internal set; }

    /// <summary>Number of output channels; 0 before the first message and after one that was refused.</summary>
    public int Count { get; internal set; }

    /// <summary>The decoded values, in the order of the names; NaN where there is none.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, Count);

    /// <summary>Name of an output channel.</summary>
    public string Name(int output) => _names.AsSpan(0, Count)[output].Value;

    /// <summary>Physical unit of an output channel.</summary>
    public string Unit(int output) => _units.AsSpan(0, Count)[output].Value;

    /// <summary>
    /// How old the neural data are at <paramref name="nowNs"/>, ns, by the sender's own monotonic clock (on the same machine).
    /// </summary>
    public long AgeAt(long nowNs) => Answer.AgeNs + (nowNs - Answer.EmittedNs);

    internal void Clear()
    {
        Answer = new TickAnswer { Status = AnswerStatus.NoData };
        WallNs = 0;
        Count = 0;
    }

    internal void SetRun(ReadOnlySpan<byte> utf8) => _run.Set(utf8);

    internal void SetModel(ReadOnlySpan<byte> utf8) => _model.Set(utf8);

    internal void SetModelHash(ReadOnlySpan<byte> utf8) => _modelHash.Set(utf8);

    internal void SetName(int output, ReadOnlySpan<byte> utf8) => _names[output].Set(utf8);

    internal void SetUnit(int output, ReadOnlySpan<byte> utf8) => _units[output].Set(utf8);

    internal void SetValue(int output, float value) => _values[output] = value;

    private static CachedText[] NewTexts()
    {
        var texts = new CachedText[PredictionSchema.MaxOutputs];
        for (var i = 0; i < texts.Length; i++) texts[i] = new CachedText();
        return texts;
    }
}
