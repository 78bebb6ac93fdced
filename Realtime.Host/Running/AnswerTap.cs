using Realtime.Engine.Answers;
using Realtime.Engine.Rings;

namespace Realtime.Host.Running;

/// <summary>
/// Hands each answer to the outputs first, and then a copy to the recorder's ring. A recorder that falls behind loses copies, counted; the answer
/// itself is already out. Decode thread only.
/// </summary>
public sealed class AnswerTap(IAnswerSink output, SpscRing<AnswerRecord> recorder) : IAnswerSink
{
    private long _notRecorded;

    /// <summary>Answers that were sent but that the recorder had no room for. Any thread.</summary>
    public long NotRecorded => Volatile.Read(ref _notRecorded);

    /// <inheritdoc/>
    public void Publish(in TickAnswer answer, ReadOnlySpan<float> values)
    {
        output.Publish(in answer, values);
        AnswerRecord record = default;
        record.Answer = answer;
        values.CopyTo(record.Values);
        if (!recorder.TryWrite(in record)) Volatile.Write(ref _notRecorded, _notRecorded + 1);
    }
}
