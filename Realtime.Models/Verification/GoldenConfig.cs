using System.Text.Json;
using Realtime.Engine.Text;

namespace Realtime.Models.Verification;

/// <summary>Reads values of a golden folder's config.json; keys are named by their path in messages.</summary>
internal sealed class GoldenConfig
{
    private const string Next = "Export the folder again, or mend config.json.";

    private readonly string _file;
    private readonly string _path;
    private readonly JsonElement _element;

    private GoldenConfig(string file, string path, JsonElement element)
    {
        _file = file;
        _path = path;
        _element = element;
        if (element.ValueKind != JsonValueKind.Object) throw new ModelFormatException(file, path, $"is {Word(element)}; an object is due.", Next);
    }

    /// <summary>The root object.</summary>
    public static GoldenConfig Of(GoldenFolder folder) => new(System.IO.Path.Combine(folder.Path, "config.json"), "", folder.Config);

    /// <summary>An object of a file that is no golden folder's.</summary>
    public static GoldenConfig Of(string file, string path, JsonElement element) => new(file, path, element);

    /// <summary>The keys of this object, in the file's order.</summary>
    public IReadOnlyList<string> Keys => [.. _element.EnumerateObject().Select(property => property.Name)];

    public bool Has(string key) => _element.TryGetProperty(key, out _);

    /// <summary>Whether a key is there and not null.</summary>
    public bool Given(string key) => _element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether a key is true, or something else where it is missing or null.</summary>
    public bool IsTrue(string key, bool otherwise = false) => !Given(key) ? otherwise : Get(key).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(key, $"is {Word(Get(key))}; true or false is due."),
    };

    /// <summary>The elements of an array.</summary>
    public IReadOnlyList<JsonElement> Elements(string key) => Array(key);

    public GoldenConfig Object(string key) => new(_file, Key(key), Get(key));

    /// <summary>The objects of an array.</summary>
    public IReadOnlyList<GoldenConfig> Objects(string key) => [.. Array(key).Select((element, index) => new GoldenConfig(_file, $"{Key(key)}[{index}]", element))];

    /// <summary>The texts of an array.</summary>
    public IReadOnlyList<string> Texts(string key) => [.. Array(key).Select((element, index) => Text(element, $"{Key(key)}[{index}]"))];

    public string Text(string key) => Text(Get(key), Key(key));

    public double Number(string key)
    {
        var element = Get(key);
        return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(key, $"is {Word(element)}; a number is due.");
    }

    public bool Flag(string key)
    {
        var element = Get(key);
        return element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Wrong(key, $"is {Word(element)}; true or false is due.");
    }

    public int Whole(string key)
    {
        var number = Number(key);
        return number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw Wrong(key, $"is {Word(Get(key))}; a whole number is due.");
    }

    /// <summary>An error about a key of this object.</summary>
    public ModelFormatException Wrong(string key, string what) => new(_file, Key(key), what, Next);

    private List<JsonElement> Array(string key)
    {
        var element = Get(key);
        return element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : throw Wrong(key, $"is {Word(element)}; a list is due.");
    }

    private JsonElement Get(string key) => _element.TryGetProperty(key, out var value)
        ? value
        : throw Wrong(key, $"is missing{NearestName.Hint(key, _element.EnumerateObject().Select(property => property.Name))}.");

    private string Text(JsonElement element, string path) => element.ValueKind == JsonValueKind.String
        ? element.GetString()!
        : throw new ModelFormatException(_file, path, $"is {Word(element)}; a text is due.", Next);

    private string Key(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private static string Word(JsonElement element)
    {
        const int longest = 40;
        var text = element.GetRawText();
        return text.Length <= longest ? text : text[..longest] + "...";
    }
}
