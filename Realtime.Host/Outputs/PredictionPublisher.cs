using Realtime.Acquisition.Predictions;
using Realtime.Acquisition.ZeroMq;
using Realtime.Engine.Answers;

namespace Realtime.Host.Outputs;

/// <summary>Sends each answer as one prediction message to all ZeroMQ subscribers. Decode thread only; a slow subscriber loses its own messages.</summary>
public sealed class PredictionPublisher(PubSocket socket, PredictionMessageWriter writer) : IAnswerSink
{
    private readonly byte[] _buffer = new byte[writer.MaxBytes];

    /// <inheritdoc/>
    public void Publish(in TickAnswer answer, ReadOnlySpan<float> values)
    {
        var length = writer.Write(in answer, values, _buffer);
        socket.Send(PredictionSchema.Topic, _buffer.AsSpan(0, length));
    }
}
