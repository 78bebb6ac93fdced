using System.Diagnostics.CodeAnalysis;
using System.Text;
using Realtime.Acquisition.MessagePack;
using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;

namespace Realtime.Acquisition.Predictions;

/// <summary>
/// Writes the prediction message (docs/prediction-message.md) of each tick of one run. What does not change within the run is encoded
/// once; <see cref="Write"/> allocates nothing and reads no clock, so that the same answers give the same bytes. One thread.
/// </summary>
public sealed class PredictionMessageWriter
{
    /// <summary>
    /// Longest encoding of the parts that vary, without the values: keys, 9 bytes for each number, the longest status. 512 leaves a
    /// margin.
    /// </summary>
    private const int MaxVaryingBytes = 512;

    /// <summary>A float32 and its first byte.</summary>
    private const int BytesPerValue = 5;

    private readonly byte[] _constantPart;
    private readonly int _outputs;
    private readonly long _wallOffsetNs;

    /// <param name="runId">Names the run; at most <see cref="PredictionSchema.MaxTextBytes"/> UTF-8 bytes, as every text here.</param>
    /// <param name="modelName">Short name of the model, such as "wiener".</param>
    /// <param name="modelHash">Lower-case hexadecimal SHA-256 of the model file.</param>
    /// <param name="outputs">The decoded quantities, in the order of the values; 1 to <see cref="PredictionSchema.MaxOutputs"/>.</param>
    /// <param name="sampleRate">Samples per second of the reference stream, Hz: it gives <see cref="TickAnswer.Sample"/> a meaning.</param>
    /// <param name="wallOffsetNs">
    /// What turns host monotonic time into wall-clock time: ns since 1970-01-01 UTC less monotonic ns, both read once at the start of
    /// the run.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A text or the number of outputs is beyond its limit, or the sample rate is not positive.
    /// </exception>
    public PredictionMessageWriter(
        string runId, string modelName, string modelHash, IReadOnlyList<OutputChannel> outputs, double sampleRate, long wallOffsetNs)
    {
        if (outputs.Count is < 1 or > PredictionSchema.MaxOutputs)
        {
            throw new ArgumentException(
                $"A prediction has 1 to {PredictionSchema.MaxOutputs} output channels, not {outputs.Count}.", nameof(outputs));
        }

        if (!(sampleRate > 0) || !double.IsFinite(sampleRate))
        {
            throw new ArgumentException(
                $"The reference stream's sample rate must be a positive number of Hz, not {sampleRate}.", nameof(sampleRate));
        }

        _outputs = outputs.Count;
        _wallOffsetNs = wallOffsetNs;

        // Each text takes at most its limit and a 3-byte head; keys and numbers are within the varying part's allowance.
        var buffer = new byte[MaxVaryingBytes + (3 + 2 * outputs.Count) * (PredictionSchema.MaxTextBytes + 3)];
        var writer = new MsgPackWriter(buffer);
        writer.WriteMapHeader(PredictionSchema.KeyCount);
        Key(ref writer, PredictionKey.Version);
        writer.WriteInt64(PredictionSchema.Version);
        Text(ref writer, PredictionKey.Run, runId);
        Text(ref writer, PredictionKey.Model, modelName);
        Text(ref writer, PredictionKey.ModelHash, modelHash);
        Key(ref writer, PredictionKey.SampleRate);
        writer.WriteDouble(sampleRate);
        Key(ref writer, PredictionKey.Names);
        writer.WriteArrayHeader(outputs.Count);
        foreach (var output in outputs) writer.WriteString(Checked(output.Name, "the name of an output channel"));
        Key(ref writer, PredictionKey.Units);
        writer.WriteArrayHeader(outputs.Count);
        foreach (var output in outputs) writer.WriteString(Checked(output.Unit, $"the unit of output channel '{output.Name}'"));
        if (writer.Error != MsgPackError.None)
            throw new ArgumentException($"A text of the prediction message cannot be written: {writer.Error}.");
        _constantPart = buffer[..writer.Written];
        MaxBytes = _constantPart.Length + MaxVaryingBytes + BytesPerValue * outputs.Count;
    }

    /// <summary>Bytes that are enough for any message of this run.</summary>
    public int MaxBytes { get; }

    /// <summary>Writes the message of one answer.</summary>
    /// <param name="answer">The answer; <see cref="TickAnswer.EmittedNs"/> must be set.</param>
    /// <param name="values">
    /// One value for each output channel. For <see cref="AnswerStatus.NoData"/> NaN is written whatever they are.
    /// </param>
    /// <param name="destination">Room for the message; <see cref="MaxBytes"/> is always enough.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">
    /// The number of values is not that of the output channels, the status is none that exists, or the destination is too short:
    /// mistakes of
    /// the program, never of the data.
    /// </exception>
    public int Write(in TickAnswer answer, ReadOnlySpan<float> values, Span<byte> destination)
    {
        if (values.Length != _outputs) ThrowWrongCount(values.Length);
        var status = PredictionSchema.StatusText(answer.Status);
        if (status.IsEmpty) ThrowNoSuchStatus(answer.Status);
        var writer = new MsgPackWriter(destination);
        writer.WriteRaw(_constantPart);

        // NB: 64-bit fields have the int64 form however small they are, so that JavaScript sees a BigInt from the first message on.
        Wide(ref writer, PredictionKey.Tick, answer.Tick);
        Narrow(ref writer, PredictionKey.Epoch, answer.Epoch);
        Key(ref writer, PredictionKey.Status);
        writer.WriteString(status);
        Narrow(ref writer, PredictionKey.Flags, (int)answer.Flags);
        Wide(ref writer, PredictionKey.DataNs, answer.DataNs);
        Wide(ref writer, PredictionKey.Sample, answer.Sample);
        Wide(ref writer, PredictionKey.EmittedNs, answer.EmittedNs);
        Wide(ref writer, PredictionKey.WallNs, answer.EmittedNs + _wallOffsetNs);
        Wide(ref writer, PredictionKey.AgeNs, answer.AgeNs);
        Wide(ref writer, PredictionKey.ClockUncertaintyNs, answer.ClockUncertaintyNs);
        Narrow(ref writer, PredictionKey.Spikes, answer.Spikes);
        Key(ref writer, PredictionKey.Values);
        writer.WriteArrayHeader(values.Length);
        var noData = answer.Status == AnswerStatus.NoData;
        foreach (var value in values) writer.WriteSingle(noData ? float.NaN : value);
        if (writer.Error != MsgPackError.None) ThrowTooShort(destination.Length);
        return writer.Written;
    }

    private static void Key(ref MsgPackWriter writer, PredictionKey key) => writer.WriteString(PredictionSchema.KeyText(key));

    private static void Text(ref MsgPackWriter writer, PredictionKey key, string text)
    {
        Key(ref writer, key);
        writer.WriteString(Checked(text, Encoding.UTF8.GetString(PredictionSchema.KeyText(key))));
    }

    private static void Wide(ref MsgPackWriter writer, PredictionKey key, long value)
    {
        Key(ref writer, key);
        writer.WriteInt64FullWidth(value);
    }

    private static void Narrow(ref MsgPackWriter writer, PredictionKey key, int value)
    {
        Key(ref writer, key);
        writer.WriteInt64(value);
    }

    private static string Checked(string text, string what)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes <= PredictionSchema.MaxTextBytes) return text;
        throw new ArgumentException(
            $"{what} takes {bytes} bytes of UTF-8 ('{text[..Math.Min(text.Length, 40)]}...'); " +
            $"a prediction message holds {PredictionSchema.MaxTextBytes} at most.");
    }

    [DoesNotReturn]
    private void ThrowWrongCount(int count) =>
        throw new ArgumentException($"{count} values were given for the {_outputs} output channels of this run.");

    [DoesNotReturn]
    private static void ThrowNoSuchStatus(AnswerStatus status) => throw new ArgumentException($"There is no answer status {(int)status}.");

    [DoesNotReturn]
    private void ThrowTooShort(int length) =>
        throw new ArgumentException($"The destination has {length} bytes; {MaxBytes} are always enough for this run.");
}
