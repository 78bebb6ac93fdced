using System.Runtime.InteropServices;

namespace Realtime.Engine.Events;

/// <summary>One spike, or one marker of the stream it came from. Blittable, 24 bytes; written once by the receiving thread, read once by the decode thread.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 24)]
public readonly struct SpikeEvent(EventKind kind, long sample, long arrivalNs, int unit)
{
    /// <summary>Sample number on the stream's own clock (of the spike's peak, for spikes).</summary>
    public readonly long Sample = sample;

    /// <summary>Host monotonic time, ns, at which the last byte of the message had been received.</summary>
    public readonly long ArrivalNs = arrivalNs;

    /// <summary>Dense unit row for spikes; see <see cref="EventKind"/> for the markers.</summary>
    public readonly int Unit = unit;

    public readonly EventKind Kind = kind;

    public static SpikeEvent Spike(long sample, int unit, long arrivalNs) => new(EventKind.Spike, sample, arrivalNs, unit);

    public static SpikeEvent Watermark(long sample, int slack, long arrivalNs) => new(EventKind.Watermark, sample, arrivalNs, slack);

    public static SpikeEvent Restart(long arrivalNs) => new(EventKind.Restart, 0, arrivalNs, 0);

    public static SpikeEvent Loss(long messages, long arrivalNs) => new(EventKind.Loss, 0, arrivalNs, (int)Math.Min(messages, int.MaxValue));

    public static SpikeEvent Ttl(long sample, int line, bool state, long arrivalNs) => new(EventKind.Ttl, sample, arrivalNs, 2 * line + (state ? 1 : 0));
}
