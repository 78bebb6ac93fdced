using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.LatencyLab.Pipeline;

/// <summary>Answers zero without looking: what remains is the pipeline's own time.</summary>
internal sealed class ConstantDecoder(UnitTable units, long windowNs) : IDecoder
{
    public DecoderDescription Description { get; } = new()
    {
        Name = "constant",
        Hash = new string('0', 64),
        Units = units,
        Outputs = [new OutputChannel("nothing", "1")],
        WindowNs = windowNs,
        HopNs = 0,
        TargetNs = windowNs,
    };

    public void Reset()
    {
    }

    public void Decode(in SpikeWindow window, Span<float> values) => values.Clear();
}
