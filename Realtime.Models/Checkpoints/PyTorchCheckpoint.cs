using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Realtime.Models.Weights;

namespace Realtime.Models.Checkpoints;

/// <summary>
/// A checkpoint that torch.save wrote (.ckpt, .pt, .pth: the zip format of PyTorch 1.6 and newer), as a tree of plain values and tensors.
/// Nothing in the file is ever run. Names, shapes, places and sizes are checked on opening; the numbers are read when asked for.
/// One thread at a time.
/// </summary>
public sealed class PyTorchCheckpoint : IDisposable
{
    private readonly Stream _stream;
    private readonly CheckpointArchive _archive;
    private readonly Dictionary<string, int> _tensorsOfStorage;

    // Storages that several tensors share. Together they are no longer than the file.
    private readonly Dictionary<string, byte[]> _shared = new(StringComparer.Ordinal);

    private PyTorchCheckpoint(Stream stream, string name)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Checkpoints are little-endian, and so must this machine be.");
        Name = name;
        Length = stream.Length;
        _stream = stream;
        _archive = new CheckpointArchive(stream, name);
        try
        {
            var reader = new PickleReader(_archive.Pickle(), name, _archive.StorageLength);
            Root = reader.Read();
            _tensorsOfStorage = reader.TensorsOfStorage;
            Tensors = _tensorsOfStorage.Values.Sum();
        }
        catch
        {
            _archive.Dispose();
            throw;
        }
    }

    /// <summary>The file as the user named it, for messages.</summary>
    public string Name { get; }

    /// <summary>
    /// What was saved: null, bool, long, BigInteger, double, string, <see cref="PickleList"/>, <see cref="PickleTuple"/>,
    /// <see cref="PickleDictionary"/> or <see cref="CheckpointTensor"/>. Containers may hold themselves.
    /// </summary>
    public object? Root { get; }

    /// <summary>
    /// Parts read so far whose CRC-32 is not the stated one: the file is damaged, or was saved with PyTorch's checksums switched off.
    /// </summary>
    public int ChecksumsThatDiffer => _archive.ChecksumsThatDiffer;

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Tensors in the whole tree, views of one storage counted one by one.</summary>
    public int Tensors { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">The file is no checkpoint, is damaged, or holds more than plain values and tensors.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PyTorchCheckpoint Read(string path) => Parse(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete), path);

    /// <param name="stream">Seekable; belongs to the checkpoint from now on.</param>
    /// <param name="name">For messages.</param>
    /// <exception cref="ModelFormatException">The bytes are no checkpoint, are damaged, or hold more than plain values and tensors.</exception>
    public static PyTorchCheckpoint Parse(Stream stream, string name) => new(stream, name);

    /// <summary>Lower-case hexadecimal SHA-256 of the file.</summary>
    public string Sha256()
    {
        _stream.Position = 0;
        return Convert.ToHexStringLower(SHA256.HashData(_stream));
    }

    /// <summary>The numbers of a tensor, row-major, little-endian, whatever strides it has in the file.</summary>
    /// <param name="tensor">Of this checkpoint.</param>
    /// <param name="name">For messages.</param>
    /// <exception cref="ModelFormatException">The storage cannot be read, or the tensor is larger than an array.</exception>
    public byte[] Bytes(CheckpointTensor tensor, string name)
    {
        var size = tensor.Type.Size();
        if (tensor.Count > Array.MaxLength / size)
            throw new ModelFormatException(Name, name, $"is {tensor}, more than one array holds.", "Split the tensor.");
        var bytes = new byte[tensor.Count * size];
        if (bytes.Length > 0) CopyStrided(Storage(tensor.Storage.Key), tensor, size, bytes);
        return bytes;
    }

    /// <summary>A floating point tensor as float32, row-major; F64 is rounded, F16 and BF16 are widened.</summary>
    /// <inheritdoc cref="Bytes"/>
    public float[] Floats(CheckpointTensor tensor, string name)
    {
        var bytes = Bytes(tensor, name);
        return tensor.Type switch
        {
            TensorType.F32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            TensorType.F64 => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes).ToArray(), value => (float)value),
            TensorType.F16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (float)value),
            TensorType.BF16 => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
            _ => throw new ModelFormatException(Name, name, $"is {tensor}; a floating point type is due.", "Convert it with .float() and save again."),
        };
    }

    public void Dispose() => _archive.Dispose();

    private byte[] Storage(string key)
    {
        if (_shared.TryGetValue(key, out var bytes)) return bytes;
        bytes = _archive.Storage(key);
        if (_tensorsOfStorage[key] > 1) _shared.Add(key, bytes);
        return bytes;
    }

    /// <summary>Gathers a view, its innermost runs of neighbours at once. The view was found to lie inside the storage when it was read.</summary>
    private static void CopyStrided(byte[] storage, CheckpointTensor tensor, int size, byte[] into)
    {
        // Axes from the last that are laid out without gaps form one run.
        var axis = tensor.Shape.Count;
        long run = 1;
        while (axis > 0 && (tensor.Shape[axis - 1] == 1 || tensor.Strides[axis - 1] == run)) run *= tensor.Shape[--axis];
        var index = new long[axis];
        var from = tensor.Offset;
        var runBytes = (int)(run * size);
        for (var at = 0; ; at += runBytes)
        {
            storage.AsSpan(checked((int)(from * size)), runBytes).CopyTo(into.AsSpan(at));
            var turn = axis - 1;
            while (turn >= 0 && ++index[turn] == tensor.Shape[turn])
            {
                from -= (tensor.Shape[turn] - 1) * tensor.Strides[turn];
                index[turn--] = 0;
            }

            if (turn < 0) return;
            from += tensor.Strides[turn];
        }
    }
}
