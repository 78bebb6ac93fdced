using System.Buffers.Binary;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>Recognises other plugins of the GUI that publish over ZeroMQ, so that a wrong port can be named as such.</summary>
internal static class ForeignPlugin
{
    // The smallest table of Falcon Output: root offset, a table, and the vtable of its nine fields.
    private const int MinFlatBufferBytes = 32;

    /// <summary>The plugin that frames like these come from, or <see cref="ParseProblem.None"/>.</summary>
    public static ParseProblem Recognise(int frameCount, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var isKind = first.Length == 2 && first[0] <= 1 && first[1] == 0;
        if (frameCount >= 2 && isKind && second.Length > 0) return ParseProblem.EventBroadcaster;
        return frameCount == 1 && IsFalconBlock(first) ? ParseProblem.FalconOutput : ParseProblem.None;
    }

    /// <summary>A FlatBuffers table whose vtable has nine fields: offset of the root, then the root's signed way back to its
    /// vtable.</summary>
    private static bool IsFalconBlock(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < MinFlatBufferBytes) return false;
        long root = BinaryPrimitives.ReadUInt32LittleEndian(frame);
        if (root < 4 || root > frame.Length - 4) return false;
        var table = root - BinaryPrimitives.ReadInt32LittleEndian(frame[(int)root..]);
        if (table < 4 || table > frame.Length - 4) return false;
        var tableBytes = BinaryPrimitives.ReadUInt16LittleEndian(frame[(int)table..]);
        return tableBytes is >= 6 and <= 22 && tableBytes % 2 == 0 && table + tableBytes <= frame.Length;
    }
}
