using Realtime.Acquisition.MessagePack;

namespace Realtime.Acquisition.Tests.MessagePack;

/// <summary>
/// Reads a value of any kind with the typed reads, recursively: a second way through a message beside
/// <see cref="MsgPackReader.TrySkip"/>.
/// </summary>
internal static class MsgPackWalk
{
    /// <summary>
    /// Reads one value; <paramref name="sum"/> takes in everything that was read. False without an error where it is nested too deep.
    /// </summary>
    public static bool TryRead(ref MsgPackReader reader, int depthLeft, ref ulong sum)
    {
        switch (reader.NextType)
        {
            case MsgPackType.Nil: return reader.TryReadNil();
            case MsgPackType.Boolean: return Mix(reader.TryReadBoolean(out var flag), flag ? 1UL : 2, ref sum);
            case MsgPackType.Integer: return TryReadInteger(ref reader, ref sum);
            case MsgPackType.Float32: return Mix(reader.TryReadSingle(out var narrow), BitConverter.SingleToUInt32Bits(narrow), ref sum);
            case MsgPackType.Float64: return Mix(reader.TryReadDouble(out var wide), BitConverter.DoubleToUInt64Bits(wide), ref sum);
            case MsgPackType.String: return reader.TryReadString(out var text) && MixAll(text, ref sum);
            case MsgPackType.Binary: return reader.TryReadBinary(out var bytes) && MixAll(bytes, ref sum);
            case MsgPackType.Array:
                if (depthLeft == 0) return false;
                return reader.TryReadArrayHeader(out var items) && TryReadMany(ref reader, items, depthLeft - 1, ref sum);
            case MsgPackType.Map:
                if (depthLeft == 0) return false;
                return reader.TryReadMapHeader(out var entries) && TryReadMany(ref reader, 2 * entries, depthLeft - 1, ref sum);
            default: return reader.TrySkip();
        }
    }

    private static bool TryReadMany(ref MsgPackReader reader, int count, int depthLeft, ref ulong sum)
    {
        for (var i = 0; i < count; i++)
        {
            if (!TryRead(ref reader, depthLeft, ref sum)) return false;
        }

        return Mix(true, (ulong)count, ref sum);
    }

    private static bool TryReadInteger(ref MsgPackReader reader, ref ulong sum)
    {
        var ahead = reader;
        if (!ahead.TryReadInt64(out var signed)) return Mix(reader.TryReadUInt64(out var unsigned), unsigned, ref sum);
        reader = ahead;
        return Mix(true, (ulong)signed, ref sum);
    }

    private static bool Mix(bool read, ulong value, ref ulong sum)
    {
        sum = (sum ^ value) * 0x100000001B3;
        return read;
    }

    private static bool MixAll(ReadOnlySpan<byte> bytes, ref ulong sum)
    {
        foreach (var value in bytes) Mix(true, value, ref sum);
        return true;
    }
}
