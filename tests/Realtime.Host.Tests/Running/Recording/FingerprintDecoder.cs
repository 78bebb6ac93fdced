using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Host.Tests.Running.Recording;

/// <summary>Answers with a number that any change of a window's spikes, of their places in it or of the windows before it would change.</summary>
internal sealed class FingerprintDecoder(UnitTable units, long windowNs, long hopNs) : IDecoder
{
    private ulong _state;

    public DecoderDescription Description { get; } = new()
    {
        Name = "fingerprint",
        Hash = new string('0', 64),
        Units = units,
        Outputs = [new OutputChannel("x", "cm")],
        WindowNs = windowNs,
        HopNs = hopNs,
        TargetNs = hopNs,
    };

    public void Reset() => _state = 14695981039346656037UL;

    public void AfterGap() => Reset();

    public void Decode(in SpikeWindow window, Span<float> values)
    {
        for (var i = 0; i < window.Units.Length; i++)
            _state = (((_state ^ (ulong)(window.TimesNs[i] - window.StartNs)) * 1099511628211UL) ^ (ulong)window.Units[i]) * 1099511628211UL;
        values[0] = _state >> 40;
    }
}
