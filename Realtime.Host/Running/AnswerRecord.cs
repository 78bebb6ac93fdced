using Realtime.Engine.Answers;

namespace Realtime.Host.Running;

/// <summary>An answer with its values, as it travels from the decode thread to the recorder.</summary>
public struct AnswerRecord
{
    public TickAnswer Answer;
    public OutputValues Values;
}
