using System.Buffers.Text;
using System.Text;

namespace Realtime.Acquisition.Recordings;

/// <summary>A header of version 1.0 that has the same length however many rows it counts, so that it can be mended in place.</summary>
internal static class NpyFixedHeader
{
    /// <summary>Length of the header with its magic, a multiple of 64 with room for any shape of three axes.</summary>
    public const int Bytes = 128;

    private const int Start = 10;

    /// <param name="header">[<see cref="Bytes"/>].</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="rows">Length of the first axis.</param>
    /// <param name="row">Lengths of the others, two at most; none for a vector.</param>
    public static void Write(Span<byte> header, NpyDtype dtype, long rows, ReadOnlySpan<int> row)
    {
        header.Fill((byte)' ');
        ReadOnlySpan<byte> start = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, Bytes - Start, 0];
        start.CopyTo(header);
        var at = Start;
        Text(header, "{'descr': '"u8, ref at);
        header[at++] = (byte)(dtype.Size == 1 ? '|' : dtype.BigEndian ? '>' : '<');
        header[at++] = (byte)(dtype.Kind switch { NpyKind.Float => 'f', NpyKind.Signed => 'i', _ => 'u' });
        header[at++] = (byte)('0' + dtype.Size);
        Text(header, "', 'fortran_order': False, 'shape': ("u8, ref at);
        Number(header, rows, ref at);
        header[at++] = (byte)',';
        for (var axis = 0; axis < row.Length; axis++)
        {
            Text(header, axis == 0 ? " "u8 : ", "u8, ref at);
            Number(header, row[axis], ref at);
        }

        Text(header, "), }"u8, ref at);
        header[^1] = (byte)'\n';
    }

    /// <summary>Whether a file begins as <see cref="Write"/> leaves it.</summary>
    public static bool IsOne(ReadOnlySpan<byte> header) =>
        header.Length >= Bytes && header[8] == Bytes - Start && header[9] == 0 && Encoding.ASCII.GetString(header[1..6]) == "NUMPY";

    /// <summary>What a header says that <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    public static (NpyDtype Type, IReadOnlyList<long> Shape) Read(ReadOnlySpan<byte> header)
    {
        var text = NpyHeaderText.Parse(Encoding.ASCII.GetString(header[Start..Bytes]));
        return NpyDtype.TryParse(text.Descr!, out var type, out var problem) ? (type, text.Shape!) : throw new FormatException(problem);
    }

    private static void Text(Span<byte> header, ReadOnlySpan<byte> text, ref int at)
    {
        text.CopyTo(header[at..]);
        at += text.Length;
    }

    private static void Number(Span<byte> header, long number, ref int at)
    {
        Utf8Formatter.TryFormat(number, header[at..], out var written);
        at += written;
    }
}
