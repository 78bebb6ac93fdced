using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Engine.Tests;

/// <summary>Answers the number of spikes in the window and the sum of their unit rows; can be slow, stateful or broken on demand.</summary>
internal sealed class CountingDecoder(long windowNs, long hopNs = 0) : IDecoder
{
    public DecoderDescription Description { get; } = new()
    {
        Name = "counting",
        Hash = "00",
        Units = UnitTable.Numbered(16),
        Outputs = [new OutputChannel("count", "spikes"), new OutputChannel("rows", "1")],
        WindowNs = windowNs,
        HopNs = hopNs,
        TargetNs = windowNs,
    };

    public int Calls { get; private set; }

    public int Resets { get; private set; }

    public Action? OnDecode { get; set; }

    public float? Instead { get; set; }

    public void Reset() => Resets++;

    public void Decode(in SpikeWindow window, Span<float> values)
    {
        Calls++;
        OnDecode?.Invoke();
        float sum = 0;
        foreach (var unit in window.Units) sum += unit;
        values[0] = Instead ?? window.Units.Length;
        values[1] = sum;
    }
}
