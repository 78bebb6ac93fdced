using Realtime.Acquisition.MessagePack;
using Realtime.Acquisition.Predictions;
using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Tests;

namespace Realtime.Acquisition.Tests.Predictions;

public class PredictionMessageTests
{
    private readonly PredictionMessage _message = new();

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.True(PredictionMessageReader.TryRead(PredictionExample.Bytes(), _message, out var error), error.ToString());
        var expected = PredictionExample.Answer() with { DueNs = 0, ClosedNs = 0, DecodedNs = 0 };
        Assert.Equal(expected, _message.Answer);
        Assert.Equal(PredictionExample.Run, _message.Run);
        Assert.Equal(PredictionExample.Model, _message.Model);
        Assert.Equal(PredictionExample.ModelHash, _message.ModelHash);
        Assert.Equal(30_000, _message.SampleRate);
        Assert.Equal(expected.EmittedNs + PredictionExample.WallOffsetNs, _message.WallNs);
        Assert.Equal(PredictionExample.Values, _message.Values);
        Assert.Equal(["hand_x", "hand_y"], [_message.Name(0), _message.Name(1)]);
        Assert.Equal("cm", _message.Unit(1));
        Assert.Equal(expected.AgeNs + 500, _message.AgeAt(expected.EmittedNs + 500));
    }

    [Theory]
    [InlineData(AnswerStatus.Fresh)]
    [InlineData(AnswerStatus.Late)]
    [InlineData(AnswerStatus.Held)]
    [InlineData(AnswerStatus.NoData)]
    public void Each_status_comes_through_and_only_NoData_loses_its_values(AnswerStatus status)
    {
        Assert.True(PredictionMessageReader.TryRead(Bytes(PredictionExample.Answer() with { Status = status }), _message, out _));
        Assert.Equal(status, _message.Answer.Status);
        Assert.Equal(status == AnswerStatus.NoData ? [float.NaN, float.NaN] : PredictionExample.Values, _message.Values.ToArray());
    }

    [Fact]
    public void NaN_is_carried_for_an_answer_held_before_there_was_any()
    {
        var writer = PredictionExample.NewWriter();
        var buffer = new byte[writer.MaxBytes];
        var length = writer.Write(PredictionExample.Answer() with { Status = AnswerStatus.Held }, [float.NaN, float.NaN], buffer);
        Assert.True(PredictionMessageReader.TryRead(buffer.AsSpan(0, length), _message, out _));
        Assert.All(_message.Values.ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Extremes_fit_the_stated_room_and_come_through()
    {
        var text = new string('x', PredictionSchema.MaxTextBytes);
        var outputs = Enumerable.Range(0, PredictionSchema.MaxOutputs).Select(_ => new OutputChannel(text, text)).ToArray();
        var values = Enumerable.Range(0, outputs.Length).Select(i => i * 0.1f).ToArray();
        var writer = new PredictionMessageWriter(text, text, text, outputs, double.MaxValue, 0);
        var buffer = new byte[writer.MaxBytes];
        foreach (var extreme in new[] { long.MinValue, -1, 0, long.MaxValue })
        {
            var narrow = (int)Math.Clamp(extreme, int.MinValue, int.MaxValue);
            var answer = new TickAnswer
            {
                Tick = extreme,
                Epoch = narrow,
                Spikes = narrow,
                DataNs = extreme,
                Sample = extreme,
                EmittedNs = extreme,
                AgeNs = extreme,
                ClockUncertaintyNs = extreme,
                Status = AnswerStatus.Held,
                Flags = (AnswerFlags)ushort.MaxValue,
            };
            var length = writer.Write(answer, values, buffer);
            Assert.True(PredictionMessageReader.TryRead(buffer.AsSpan(0, length), _message, out var error), error.ToString());
            Assert.Equal(answer, _message.Answer);
            Assert.Equal(values, _message.Values);
            Assert.Equal(text, _message.Name(outputs.Length - 1));
        }
    }

    [Fact]
    public void The_same_answer_gives_the_same_bytes_and_64_bit_fields_keep_one_width()
    {
        Assert.Equal(PredictionExample.Bytes(), PredictionExample.Bytes());
        var zeros = PredictionExample.Answer() with { Tick = 0, DataNs = 0, Sample = 0, EmittedNs = 0, AgeNs = 0, ClockUncertaintyNs = 0 };
        var small = Bytes(zeros);
        Assert.Equal(PredictionExample.Bytes().Length, small.Length);
    }

    [Fact]
    public void Mistakes_of_the_program_are_thrown_with_what_to_do()
    {
        var writer = PredictionExample.NewWriter();
        var buffer = new byte[writer.MaxBytes];
        var wrongCount = Assert.Throws<ArgumentException>(() => writer.Write(default, new float[3], buffer));
        Assert.Contains("3 values", wrongCount.Message, StringComparison.Ordinal);
        var small = Assert.Throws<ArgumentException>(() => writer.Write(default, new float[2], new byte[20]));
        Assert.Contains($"{writer.MaxBytes} are always enough", small.Message, StringComparison.Ordinal);
        var answer = new TickAnswer { Status = (AnswerStatus)9 };
        var unknown = Assert.Throws<ArgumentException>(() => writer.Write(answer, new float[2], buffer));
        Assert.Contains("status 9", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_message_can_hold_is_refused_when_the_writer_is_made()
    {
        var text = new string('é', 128);
        Assert.Contains("256 bytes", Refusal(() => NewWriter(run: text)), StringComparison.Ordinal);
        Assert.Contains("unit of output channel 'x'", Refusal(() => NewWriter(outputs: [new("x", text)])), StringComparison.Ordinal);
        Assert.Contains("not 0", Refusal(() => NewWriter(outputs: [])), StringComparison.Ordinal);
        Assert.Contains("257", Refusal(() => NewWriter(outputs: new OutputChannel[257])), StringComparison.Ordinal);
        Assert.Contains("InvalidUtf8", Refusal(() => NewWriter(run: "\uD800")), StringComparison.Ordinal);
        foreach (var rate in new[] { 0, -1, double.NaN, double.PositiveInfinity }) Refusal(() => NewWriter(rate: rate));
    }

    [Fact]
    public void Writing_and_reading_in_steady_state_allocate_nothing()
    {
        var writer = PredictionExample.NewWriter();
        var buffer = new byte[writer.MaxBytes];
        Round(writer, buffer, 0);
        Assert.Equal(0, AllocationGate.LeastBytes(() =>
        {
            for (var tick = 1; tick <= 1000; tick++) Round(writer, buffer, tick);
        }));
    }

    private static string Refusal(Func<PredictionMessageWriter> make) => Assert.Throws<ArgumentException>(make).Message;

    private static PredictionMessageWriter NewWriter(string run = "run", OutputChannel[]? outputs = null, double rate = 30_000) =>
        new(run, "model", "hash", outputs ?? PredictionExample.Outputs, rate, 0);

    private static byte[] Bytes(TickAnswer answer)
    {
        var writer = PredictionExample.NewWriter();
        var buffer = new byte[writer.MaxBytes];
        return buffer[..writer.Write(answer, PredictionExample.Values, buffer)];
    }

    private void Round(PredictionMessageWriter writer, byte[] buffer, int tick)
    {
        var answer = PredictionExample.Answer() with { Tick = tick, Status = (AnswerStatus)(tick % 4) };
        var length = writer.Write(answer, PredictionExample.Values, buffer);
        if (!PredictionMessageReader.TryRead(buffer.AsSpan(0, length), _message, out _)) throw new InvalidOperationException("Not read.");
        if (PredictionMessageReader.TryRead(buffer.AsSpan(0, length - 1), _message, out var error) || error.Cause != MsgPackError.EndOfData)
            throw new InvalidOperationException("A prefix was read.");
        if (_message.Run.Length == 0) throw new InvalidOperationException("The texts were lost.");
    }
}
