using System.Buffers.Binary;
using System.Text.Json;

namespace Realtime.Models.Weights;

/// <summary>
/// The header of a safetensors file: 8 bytes little-endian length, then that many bytes of JSON, then the tensors' bytes.
/// Source: the format section of the README of github.com/huggingface/safetensors.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The format's own limit on the JSON part: it keeps a broken length from claiming all memory.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    /// <summary>Far beyond any model: a header of the largest size could otherwise list millions of empty tensors.</summary>
    public const int MaxTensors = 200_000;

    /// <summary>As many axes as PyTorch and NumPy allow.</summary>
    public const int MaxAxes = 64;

    /// <summary>Longest name that is printed whole.</summary>
    private const int MaxShownName = 200;

    private const string Truncated = "Copy or export the file again; it may have been cut short.";
    private const string Broken = "Export the file again with a safetensors writer.";

    private readonly string _file;
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorInfo> _tensors = new(StringComparer.Ordinal);

    private SafetensorsHeader(string file) => _file = file;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <summary>First byte of the data part.</summary>
    public long DataStart { get; private set; }

    /// <exception cref="ModelFormatException">The header breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(IWeightBytes bytes, string file)
    {
        var header = new SafetensorsHeader(file);
        if (bytes.Length < 8) throw header.Wrong("", $"has {bytes.Length} bytes, too few for a safetensors file (at least 10).", Truncated);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(0, 8));
        if (length > MaxHeaderBytes)
            throw header.Wrong("", $"claims a header of {length} bytes; the format allows {MaxHeaderBytes}.",
                "This is probably no safetensors file.");
        if (length > (ulong)(bytes.Length - 8))
            throw header.Wrong("", $"claims a header of {length} bytes, but only {bytes.Length - 8} follow.", Truncated);
        header.DataStart = 8 + (long)length;
        var json = bytes.Slice(8, (int)length);
        if (json.Length == 0 || json[0] != (byte)'{')
            throw header.Wrong("", "has a header that does not begin with '{'.", "This is probably no safetensors file.");
        try
        {
            header.Read(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(file, "", $"has a header that is not the JSON of a safetensors file ({error.Message}).",
                Broken, error);
        }

        header.CheckRanges(bytes.Length - header.DataStart);
        return header;
    }

    private void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var metadataSeen = false;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            Expect(ref reader, JsonTokenType.StartObject, name);
            if (name == "__metadata__")
            {
                if (metadataSeen) throw Wrong(name, "stands twice in the header.", Broken);
                metadataSeen = true;
                ReadMetadata(ref reader);
            }
            else if (!_tensors.TryAdd(name, ReadTensor(ref reader, name))) throw Wrong(name, "stands twice in the header.", Broken);
            if (_tensors.Count > MaxTensors)
                throw Wrong("", $"lists more than {MaxTensors} tensors.", "This is no file of a model.");
        }

        if (reader.Read()) throw new JsonException("text after the closing brace");
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, "__metadata__." + key);
            if (!_metadata.TryAdd(key, reader.GetString()!)) throw Wrong("__metadata__." + key, "stands twice in the header.", Broken);
        }
    }

    private TensorInfo ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string? typeName = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var field = reader.GetString();
            var seen = field switch
            {
                "dtype" => typeName is not null,
                "shape" => shape is not null,
                "data_offsets" => offsets is not null,
                _ => false,
            };
            if (seen) throw Wrong(name, $"has '{field}' twice.", Broken);
            if (field == "dtype")
            {
                Expect(ref reader, JsonTokenType.String, name);
                typeName = reader.GetString();
            }
            else if (field == "shape") shape = ReadNumbers(ref reader, name, "shape");
            else if (field == "data_offsets") offsets = ReadNumbers(ref reader, name, "data_offsets");
            else throw Wrong(name, $"has the unknown field '{field}'; the format has dtype, shape and data_offsets.", Broken);
        }

        if (typeName is null || shape is null || offsets is not { Count: 2 })
            throw Wrong(name, "needs dtype, shape and data_offsets of two numbers.", Broken);
        if (!TensorTypes.TryParse(typeName, out var type))
            throw Wrong(name, $"has the unknown dtype '{typeName}'; known are {TensorTypes.KnownNames}.",
                "Convert the tensor to one of these.");
        var (begin, end) = (offsets[0], offsets[1]);
        if (begin > end) throw Wrong(name, $"has data_offsets [{begin}, {end}] that run backwards.", Broken);
        if (!TensorShape.TryBytes(shape, type, out var bytes) || bytes != end - begin)
            throw Wrong(name, $"has shape {TensorShape.Text(shape)} of {typeName}, which does not fill its {end - begin} bytes.", Broken);
        return new TensorInfo(name, type, shape, begin, end - begin);
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string field)
    {
        Expect(ref reader, JsonTokenType.StartArray, name);
        var numbers = new List<long>();
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw Wrong(name, $"has something other than whole numbers from 0 in '{field}'.", Broken);
            if (numbers.Count == MaxAxes) throw Wrong(name, $"has more than {MaxAxes} numbers in '{field}'.", Broken);
            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>The tensors must cover the data part: in order, without holes, overlaps or leftovers.</summary>
    private void CheckRanges(long dataBytes)
    {
        long reached = 0;
        foreach (var tensor in _tensors.Values.OrderBy(t => t.Offset).ThenBy(t => t.Length))
        {
            // NB: compared without a sum, which a hostile offset could overflow.
            if (tensor.Offset > dataBytes || tensor.Length > dataBytes - tensor.Offset)
            {
                throw Wrong(tensor.Name,
                    $"lies at bytes {tensor.Offset} to {(UInt128)tensor.Offset + (UInt128)tensor.Length} of the data part, which has " +
                    $"only {dataBytes}.",
                    Truncated);
            }

            if (tensor.Offset < reached)
                throw Wrong(tensor.Name, $"begins at byte {tensor.Offset}, inside another tensor, which ends at {reached}.", Broken);
            if (tensor.Offset > reached)
                throw Wrong(tensor.Name,
                $"begins at byte {tensor.Offset}, leaving {tensor.Offset - reached} bytes before it to no tensor.", Broken);
            reached = tensor.Offset + tensor.Length;
        }

        if (reached != dataBytes) throw Wrong("", $"has {dataBytes - reached} bytes behind its last tensor.", Broken);
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) throw new JsonException("the text ends too early");
        return reader.TokenType;
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type, string name)
    {
        if (Next(ref reader) != type) throw Wrong(name, $"holds {reader.TokenType} where {type} is due.", Broken);
    }

    private ModelFormatException Wrong(string key, string what, string next) =>
        new(_file, key.Length > MaxShownName ? key[..MaxShownName] + "..." : key, what, next);
}
