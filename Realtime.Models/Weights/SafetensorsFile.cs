using System.Runtime.InteropServices;
using Realtime.Engine.Text;

namespace Realtime.Models.Weights;

/// <summary>
/// A safetensors file that has been checked: every tensor lies inside the file, fills its bytes and overlaps no other. Values are not
/// judged: NaN is data here. Any thread.
/// <para>A file from <see cref="Read"/> is seen through a memory map that is closed by <see cref="Dispose"/>; take what is needed, then
/// dispose. Names, shapes and metadata stay readable afterwards.</para>
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly IWeightBytes _bytes;
    private readonly SafetensorsHeader _header;

    private SafetensorsFile(IWeightBytes bytes, string name)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Weight files are little-endian, and so must this machine be.");
        _bytes = bytes;
        Name = name;
        _header = SafetensorsHeader.Parse(bytes, name);
    }

    /// <summary>The file as the user named it, for messages.</summary>
    public string Name { get; }

    /// <summary>The free text pairs under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    public IReadOnlyDictionary<string, TensorInfo> Tensors => _header.Tensors;

    /// <summary>Maps a file and checks its header. Dispose the result when its tensors have been taken (<see cref="MappedWeightBytes"/>).</summary>
    /// <exception cref="ModelFormatException">The file breaks a rule of the format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Read(string path)
    {
        var bytes = new MappedWeightBytes(path);
        try
        {
            return Parse(bytes, path);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Checks bytes that lie anywhere; they must not change while the file is in use, and belong to it from now on.</summary>
    /// <exception cref="ModelFormatException">The bytes break a rule of the format.</exception>
    public static SafetensorsFile Parse(IWeightBytes bytes, string name) => new(bytes, name);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="ModelFormatException">There is none; the message names the nearest.</exception>
    public TensorInfo Info(string tensor)
    {
        if (Tensors.TryGetValue(tensor, out var info)) return info;
        var nearest = NearestName.Find(tensor, Tensors.Keys);
        throw new ModelFormatException(Name, tensor, "the tensor is missing.",
            nearest is null ? "The file has no name like it." : $"The nearest name in the file is '{nearest}'.");
    }

    /// <summary>Closes the memory map, where there is one. Spans from <see cref="Bytes"/> must not be used any more.</summary>
    public void Dispose() => (_bytes as IDisposable)?.Dispose();

    /// <summary>The raw bytes of a tensor, row-major, little-endian; valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or it is larger than one span (2 GB).</exception>
    public ReadOnlySpan<byte> Bytes(string tensor)
    {
        var info = Info(tensor);
        if (info.Length > int.MaxValue)
            throw new ModelFormatException(Name, tensor, $"has {info.Length} bytes, more than one read can hold.", "Split the tensor.");
        return _bytes.Slice(_header.DataStart + info.Offset, (int)info.Length);
    }

    /// <summary>A floating point tensor as float32; F64 is rounded, F16 and BF16 are widened.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or it is not floating point.</exception>
    public float[] Floats(string tensor)
    {
        var bytes = Bytes(tensor);
        return Info(tensor).Type switch
        {
            TensorType.F32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            TensorType.F64 => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes).ToArray(), value => (float)value),
            TensorType.F16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (float)value),
            TensorType.BF16 => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(),
                bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
            var other => throw NotFloating(tensor, other),
        };
    }

    /// <summary>A floating point tensor as float64.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or it is not floating point.</exception>
    public double[] Doubles(string tensor) =>
        Info(tensor).Type == TensorType.F64
            ? MemoryMarshal.Cast<byte, double>(Bytes(tensor)).ToArray()
            : Array.ConvertAll(Floats(tensor), value => (double)value);

    /// <summary>A tensor of 64-bit whole numbers.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or it is not I64.</exception>
    public long[] Longs(string tensor)
    {
        var type = Info(tensor).Type;
        if (type != TensorType.I64) throw new ModelFormatException(Name, tensor, $"is {type.Name()}; I64 is due.", "Export it as I64.");
        return MemoryMarshal.Cast<byte, long>(Bytes(tensor)).ToArray();
    }

    private ModelFormatException NotFloating(string tensor, TensorType type) =>
        new(Name, tensor, $"is {type.Name()}; a floating point type (F16, BF16, F32 or F64) is due.", "Export it as F32.");
}
