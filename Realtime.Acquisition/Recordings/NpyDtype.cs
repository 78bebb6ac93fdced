using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Realtime.Acquisition.Recordings;

/// <summary>Element type of a NumPy array: f4 f8 i1 i2 i4 i8 u1 u2 u4 u8, in either byte order.</summary>
/// <param name="Kind">Float, signed or unsigned.</param>
/// <param name="Size">Bytes per element.</param>
/// <param name="BigEndian">True where the most significant byte comes first; always false for one byte.</param>
public readonly record struct NpyDtype(NpyKind Kind, int Size, bool BigEndian)
{
    public bool IsInteger => Kind != NpyKind.Float;

    /// <summary>The dtype of a .NET type in this machine's byte order.</summary>
    /// <exception cref="NotSupportedException">The type is none of the ten.</exception>
    public static NpyDtype Of<T>() where T : unmanaged
    {
        var type = typeof(T);
        var big = !BitConverter.IsLittleEndian;
        if (type == typeof(double)) return new(NpyKind.Float, 8, big);
        if (type == typeof(float)) return new(NpyKind.Float, 4, big);
        if (type == typeof(long)) return new(NpyKind.Signed, 8, big);
        if (type == typeof(int)) return new(NpyKind.Signed, 4, big);
        if (type == typeof(short)) return new(NpyKind.Signed, 2, big);
        if (type == typeof(sbyte)) return new(NpyKind.Signed, 1, false);
        if (type == typeof(ulong)) return new(NpyKind.Unsigned, 8, big);
        if (type == typeof(uint)) return new(NpyKind.Unsigned, 4, big);
        if (type == typeof(ushort)) return new(NpyKind.Unsigned, 2, big);
        if (type == typeof(byte)) return new(NpyKind.Unsigned, 1, false);
        throw new NotSupportedException($"{type} has no counterpart among the array types that are read and written.");
    }

    /// <summary>Reads a descriptor such as <c>&lt;f8</c> or <c>|u1</c>; says why not in <paramref name="problem"/>.</summary>
    public static bool TryParse(string text, out NpyDtype dtype, [NotNullWhen(false)] out string? problem)
    {
        dtype = default;
        problem = null;
        if (text.Contains('O', StringComparison.Ordinal))
            problem = "it holds pickled Python objects (dtype object), which are never read.";
        else if (text.Length != 3 || text[0] is not ('<' or '>' or '|'))
            problem = $"its dtype '{text}' is none of f4 f8 i1 i2 i4 i8 u1 u2 u4 u8.";
        else if ((text[1], text[2]) is not (('f', '4' or '8') or ('i' or 'u', '1' or '2' or '4' or '8')))
            problem = $"its dtype '{text}' is none of f4 f8 i1 i2 i4 i8 u1 u2 u4 u8.";
        else if (text[0] == '|' && text[2] != '1')
            problem = $"its dtype '{text}' states no byte order, which {text[2]}-byte numbers need.";
        if (problem is not null) return false;
        var kind = text[1] switch { 'f' => NpyKind.Float, 'i' => NpyKind.Signed, _ => NpyKind.Unsigned };
        dtype = new NpyDtype(kind, text[2] - '0', text[0] == '>' && text[2] != '1');
        return true;
    }

    /// <summary>NumPy's descriptor, such as <c>&lt;f8</c>.</summary>
    public override string ToString()
    {
        var order = Size == 1 ? '|' : BigEndian ? '>' : '<';
        var kind = Kind switch { NpyKind.Float => 'f', NpyKind.Signed => 'i', _ => 'u' };
        return string.Create(CultureInfo.InvariantCulture, $"{order}{kind}{Size}");
    }
}
