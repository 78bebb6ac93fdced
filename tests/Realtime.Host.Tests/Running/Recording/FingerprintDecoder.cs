using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Host.Tests.Running.Recording;

/// <summary>
/// Answers with a number that any change of a window's spikes, of their places in it or of the windows before it would change; with frames also any change
/// of what it was shown up to <see cref="FrameReachNs"/> before the window's end.
/// </summary>
internal sealed class FingerprintDecoder(UnitTable units, long windowNs, long hopNs, FrameShape? frames = null) : IDecoder
{
    public const long FrameReachNs = 70_000_000;

    private const ulong Basis = 14695981039346656037UL;
    private const ulong Prime = 1099511628211UL;

    private readonly (long ShownNs, ulong Pixels)[] _shown = new (long, ulong)[64];
    private int _frames;
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
        Frames = frames,
        FrameReachNs = frames is null ? 0 : FrameReachNs,
    };

    public void Reset() => (_state, _frames) = (Basis, 0);

    public void AfterGap() => Reset();

    public void TakeFrame(long dataNs, ReadOnlySpan<float> pixels)
    {
        var hash = Basis;
        foreach (var pixel in pixels) hash = (hash ^ BitConverter.SingleToUInt32Bits(pixel)) * Prime;
        _shown[_frames++ % _shown.Length] = (dataNs, hash);
    }

    public void Decode(in SpikeWindow window, Span<float> values)
    {
        for (var i = 0; i < window.Units.Length; i++)
            _state = (((_state ^ (ulong)(window.TimesNs[i] - window.StartNs)) * Prime) ^ (ulong)window.Units[i]) * Prime;
        var state = _state;
        for (var frame = Math.Max(0, _frames - _shown.Length); frame < _frames; frame++)
        {
            var (shownNs, pixels) = _shown[frame % _shown.Length];
            if (window.EndNs - shownNs <= FrameReachNs) state = (((state ^ (ulong)(window.EndNs - shownNs)) * Prime) ^ pixels) * Prime;
        }

        values[0] = state >> 40;
    }
}
