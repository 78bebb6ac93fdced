namespace Realtime.Models.Checkpoints;

/// <summary>CRC-32 as zip files use it (polynomial 0xEDB88320, reflected). Source: ISO 3309, APPNOTE.TXT section 4.4.7.</summary>
internal static class Crc32
{
    private const int Slices = 8;
    private static readonly uint[] Table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= Slices)
        {
            // Eight table look-ups that do not wait for each other.
            var low = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = Table[7 * 256 + (byte)low] ^ Table[6 * 256 + (byte)(low >> 8)] ^ Table[5 * 256 + (byte)(low >> 16)] ^ Table[4 * 256 + (low >> 24)]
                ^ Table[3 * 256 + (byte)high] ^ Table[2 * 256 + (byte)(high >> 8)] ^ Table[256 + (byte)(high >> 16)] ^ Table[high >> 24];
            bytes = bytes[Slices..];
        }

        foreach (var value in bytes) crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[Slices * 256];
        for (uint value = 0; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            table[value] = crc;
        }

        for (var at = 256; at < table.Length; at++) table[at] = table[(byte)table[at - 256]] ^ (table[at - 256] >> 8);
        return table;
    }
}
