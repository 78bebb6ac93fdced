using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Realtime.Acquisition.Recordings;

/// <summary>Moves array elements between a file's bytes and memory: byte order and number type.</summary>
internal static class NpyElements
{
    /// <summary>Elements moved at a time: at most 64 KiB, below the large-object heap.</summary>
    public const int ChunkLength = 8192;

    public static T[] Read<TFile, T>(Stream stream, NpyHeader header, string path)
        where TFile : unmanaged, INumber<TFile>
        where T : unmanaged, INumber<T>
    {
        var values = new T[header.Count];
        var chunk = new TFile[Math.Min(ChunkLength, values.Length)];
        for (var done = 0; done < values.Length; done += chunk.Length)
        {
            var part = chunk.AsSpan(0, Math.Min(chunk.Length, values.Length - done));
            stream.ReadExactly(MemoryMarshal.AsBytes(part));
            if (header.Dtype.BigEndian == BitConverter.IsLittleEndian) Reverse(part);
            var target = values.AsSpan(done, part.Length);
            if (typeof(T) == typeof(TFile)) MemoryMarshal.Cast<TFile, T>(part).CopyTo(target);
            else Convert(part, target, done, path);
        }

        return values;
    }

    public static void ToLittleEndian<T>(Span<T> values) where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian) Reverse(values);
    }

    private static void Convert<TFile, T>(ReadOnlySpan<TFile> from, Span<T> to, int firstIndex, string path)
        where TFile : unmanaged, INumber<TFile>
        where T : unmanaged, INumber<T>
    {
        for (var i = 0; i < from.Length; i++)
        {
            try
            {
                to[i] = T.CreateChecked(from[i]);
            }
            catch (OverflowException e)
            {
                throw new SessionFormatException(path,
                    $"Element {firstIndex + i} is {from[i]}, beyond the {8 * Unsafe.SizeOf<T>()} bits it must fit.",
                    "Check what the array holds; unit indexes run from 0 to n_units - 1.", e);
            }
        }
    }

    private static void Reverse<T>(Span<T> values) where T : unmanaged
    {
        switch (Unsafe.SizeOf<T>())
        {
            case 2:
                var twos = MemoryMarshal.Cast<T, ushort>(values);
                BinaryPrimitives.ReverseEndianness(twos, twos);
                break;
            case 4:
                var fours = MemoryMarshal.Cast<T, uint>(values);
                BinaryPrimitives.ReverseEndianness(fours, fours);
                break;
            case 8:
                var eights = MemoryMarshal.Cast<T, ulong>(values);
                BinaryPrimitives.ReverseEndianness(eights, eights);
                break;
        }
    }
}
