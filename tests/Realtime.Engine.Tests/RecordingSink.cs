using Realtime.Engine.Answers;

namespace Realtime.Engine.Tests;

internal sealed class RecordingSink : IAnswerSink
{
    public List<TickAnswer> Answers { get; } = [];

    public List<float[]> Values { get; } = [];

    public void Publish(in TickAnswer answer, ReadOnlySpan<float> values)
    {
        Answers.Add(answer);
        Values.Add(values.ToArray());
    }
}
