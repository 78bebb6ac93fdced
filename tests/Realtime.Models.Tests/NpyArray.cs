using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Realtime.Models.Tests;

/// <summary>Just enough of numpy's .npy format to read the reference recordings: little-endian f4, f8, i4, i8, any order.</summary>
internal sealed partial class NpyArray
{
    private NpyArray(int[] shape, double[] values)
    {
        Shape = shape;
        Values = values;
    }

    public int[] Shape { get; }

    /// <summary>Row-major.</summary>
    public double[] Values { get; }

    public static NpyArray Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Assert.Equal("\u0093NUMPY", Encoding.Latin1.GetString(bytes, 0, 6));
        var headerAt = bytes[6] == 1 ? 10 : 12;
        var headerLength = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8))
            : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8));
        var header = Encoding.Latin1.GetString(bytes, headerAt, headerLength);
        var shape = ShapePattern().Match(header)
            .Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var data = bytes.AsSpan(headerAt + headerLength);
        double[] values = DescrPattern().Match(header).Groups[1].Value switch
        {
            "<f4" => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(data).ToArray(), value => (double)value),
            "<f8" => MemoryMarshal.Cast<byte, double>(data).ToArray(),
            "<i4" => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(data).ToArray(), value => (double)value),
            "<i8" => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(data).ToArray(), value => (double)value),
            var other => throw new NotSupportedException(other),
        };
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal) && shape.Length == 2)
        {
            var rows = new double[values.Length];
            for (var row = 0; row < shape[0]; row++)
                for (var column = 0; column < shape[1]; column++) rows[row * shape[1] + column] = values[column * shape[0] + row];
            values = rows;
        }

        return new NpyArray(shape, values);
    }

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex ShapePattern();

    [GeneratedRegex("'descr': '([^']*)'")]
    private static partial Regex DescrPattern();
}
