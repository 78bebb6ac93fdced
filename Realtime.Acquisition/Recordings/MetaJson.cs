using System.Text.Json;
using Realtime.Engine.Text;

namespace Realtime.Acquisition.Recordings;

/// <summary>One JSON object of meta.json, read key by key with errors that name the key.</summary>
internal readonly struct MetaJson(string path, JsonElement element, string where)
{
    // Thousands of per-unit notes take a few MB; more is no description of a session.
    private const long MaxFileBytes = 64L << 20;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
    };

    /// <exception cref="SessionFormatException">The file is missing, unreadable, or no JSON object.</exception>
    public static MetaJson Open(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
                throw new SessionFormatException(path, "The file has more than 64 MiB.", "Keep large arrays in files of their own.");
            ReadOnlyMemory<byte> bytes = File.ReadAllBytes(path);
            if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
            using var document = JsonDocument.Parse(bytes, Options);
            var root = document.RootElement.Clone();
            if (root.ValueKind == JsonValueKind.Object) return new MetaJson(path, root, "");
            throw new SessionFormatException(path, $"A JSON object {{...}} was expected, but it holds a {root.ValueKind}.",
                "See docs/session-layout.md.");
        }
        catch (JsonException e)
        {
            throw new SessionFormatException(path, $"It is not valid JSON, line {e.LineNumber + 1}: {e.Message}",
                "Mend that line (NaN and Infinity, which Python writes, are not JSON: use null).", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SessionFormatException(path, "The file does not exist.",
                "Every session needs one; docs/session-layout.md shows the smallest.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SessionFormatException(path, $"The file can't be read: {e.Message}", "Check that you may read it.", e);
        }
    }

    public IEnumerable<string> Keys => element.EnumerateObject().Select(property => property.Name);

    public bool TryGet(string key, out JsonElement value) =>
        element.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    public string? Text(string key)
    {
        return TryGet(key, out var value) ? Text(key, value) : null;
    }

    public string? Text(string key, JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(key, "text", value);
        }
        catch (InvalidOperationException e)
        {
            throw new SessionFormatException(path, $"Key '{where}{key}' holds text that is no valid Unicode.",
                "Write it again as UTF-8.", e);
        }
    }

    public double? Number(string key)
    {
        if (!TryGet(key, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number ? Finite(key, value) : throw Wrong(key, "a number", value);
    }

    public MetaJson? Object(string key)
    {
        if (!TryGet(key, out var value)) return null;
        return Entry(key, value);
    }

    /// <summary>The list under the key; each entry with the name to use for it in errors.</summary>
    public (string Name, JsonElement Value)[]? List(string key)
    {
        if (!TryGet(key, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(key, "a list [...]", value);
        return value.EnumerateArray().Select((entry, index) => ($"{key}[{index}]", entry)).ToArray();
    }

    public MetaJson Entry(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? new MetaJson(path, value, $"{where}{name}.")
            : throw Wrong(name, "an object {...}", value);

    public double Finite(string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number) throw Wrong(key, "a number", value);
        return value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Wrong(key, "a finite number", value);
    }

    public SessionFormatException Missing(string key, string remedy)
    {
        var near = NearestName.Find(key, Keys);
        var hint = near is null || near == key ? "" : $" Is '{where}{near}' meant to be it?";
        return new SessionFormatException(path, $"The key '{where}{key}' is missing.{hint}", remedy);
    }

    public SessionFormatException Wrong(string key, string expected, JsonElement found)
    {
        var text = found.GetRawText();
        var shown = text.Length > 60 ? text[..60] + "..." : text;
        return new SessionFormatException(path, $"Key '{where}{key}' should hold {expected}, but holds {shown}.",
            "See docs/session-layout.md.");
    }
}
