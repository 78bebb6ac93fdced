using System.Runtime.InteropServices;

namespace Realtime.Engine.Rings;

/// <summary>A ring's producer and consumer cursors, two cache lines apart from each other and from their neighbours (the prefetcher pulls lines in pairs).</summary>
[StructLayout(LayoutKind.Explicit, Size = 512)]
internal struct RingCursors
{
    [FieldOffset(128)]
    public long Written;

    [FieldOffset(136)]
    public long ReadSeenByProducer;

    [FieldOffset(256)]
    public long Read;

    [FieldOffset(264)]
    public long WrittenSeenByConsumer;
}
