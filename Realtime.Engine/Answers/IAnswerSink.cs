namespace Realtime.Engine.Answers;

/// <summary>Where answers go. Called on the decode thread: no blocking, no allocation, no exception.</summary>
public interface IAnswerSink
{
    /// <summary>Takes one answer; the span is valid during the call only.</summary>
    void Publish(in TickAnswer answer, ReadOnlySpan<float> values);
}
