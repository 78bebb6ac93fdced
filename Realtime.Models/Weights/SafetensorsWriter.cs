using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Realtime.Models.Weights;

/// <summary>
/// Writes the safetensors format. The same tensors and metadata give the same bytes: tensors lie in order of falling element size, then
/// name, so that each is aligned to its type.
/// </summary>
public static class SafetensorsWriter
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ArgumentException">Two tensors share a name.</exception>
    public static byte[] ToBytes(IEnumerable<TensorData> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Weight files are little-endian, and so must this machine be.");
        var ordered = tensors.OrderByDescending(t => t.Type.Size()).ThenBy(t => t.Name, StringComparer.Ordinal).ToArray();
        var twice = ordered.GroupBy(t => t.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new ArgumentException($"Two tensors are named '{twice.Key}'.", nameof(tensors));
        var header = Header(ordered, metadata);

        // Spaces behind the JSON bring the data to a multiple of 8, as the format allows.
        var padded = (header.Length + 7) / 8 * 8;
        var bytes = new byte[8 + padded + ordered.Sum(t => t.Bytes.LongLength)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)padded);
        header.CopyTo(bytes.AsSpan(8));
        bytes.AsSpan(8 + header.Length, padded - header.Length).Fill((byte)' ');
        var offset = 8 + padded;
        foreach (var tensor in ordered)
        {
            tensor.Bytes.CopyTo(bytes, offset);
            offset += tensor.Bytes.Length;
        }

        return bytes;
    }

    private static ReadOnlySpan<byte> Header(TensorData[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartObject();
        if (metadata.Count > 0)
        {
            writer.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) writer.WriteString(key, value);
            writer.WriteEndObject();
        }

        long offset = 0;
        foreach (var tensor in tensors)
        {
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", tensor.Type.Name());
            writer.WriteStartArray("shape");
            foreach (var length in tensor.Shape) writer.WriteNumberValue(length);
            writer.WriteEndArray();
            writer.WriteStartArray("data_offsets");
            writer.WriteNumberValue(offset);
            writer.WriteNumberValue(offset += tensor.Bytes.LongLength);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }
}
