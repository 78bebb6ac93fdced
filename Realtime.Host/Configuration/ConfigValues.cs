namespace Realtime.Host.Configuration;

/// <summary>The values of one section, each as the key table wants it, with defaults filled in.</summary>
internal sealed class ConfigValues(ConfigSection section, string path, ConfigNode place)
{
    private readonly Dictionary<string, object?> _values = [];
    private readonly Dictionary<string, ConfigNode> _places = [];
    private readonly HashSet<string> _broken = [];

    public ConfigSection Definition { get; } = section;

    /// <summary>Dotted path with indices ("sources[0]").</summary>
    public string Path { get; } = path;

    public void Set(string key, object? value, ConfigNode where)
    {
        _values[key] = value;
        _places[key] = where;
    }

    public void MarkBroken(string key) => _broken.Add(key);

    /// <summary>Whether the key's value can be compared with others: written well, or left to its default.</summary>
    public bool Sound(string key) => !_broken.Contains(key);

    /// <summary>Where the key stands; the section's own place when it is left out.</summary>
    public ConfigNode PlaceOf(string key) => _places.GetValueOrDefault(key, place);

    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    public string Text(string key) => TextOrNull(key) ?? "";

    public string? TextOrNull(string key) => (string?)Value(key);

    public T Choice<T>(string key)
        where T : struct, Enum => ConfigWords.Parse<T>(Text(key));

    public long Integer(string key) => IntegerOrNull(key) ?? 0;

    public long? IntegerOrNull(string key) => (long?)Value(key);

    public double Number(string key) => NumberOrNull(key) ?? 0;

    public double? NumberOrNull(string key) => (double?)Value(key);

    public bool Boolean(string key) => (bool)Value(key)!;

    public ConfigValues Section(string key) => (ConfigValues)Value(key)!;

    public IReadOnlyList<ConfigValues> List(string key) => (IReadOnlyList<ConfigValues>?)Value(key) ?? [];

    /// <summary>The texts of a list; null when it was left out.</summary>
    public IReadOnlyList<string>? WordsOrNull(string key) => (IReadOnlyList<string>?)Value(key);

    /// <summary>Whether the key stands in the file with a value; not for sections, which always have one.</summary>
    public bool Given(string key) => _values.ContainsKey(key);

    private object? Value(string key)
    {
        if (_values.TryGetValue(key, out var value)) return value;
        var definition = Definition.Find(key) ?? throw new ArgumentException($"No key {key} in {Definition.Title}.", nameof(key));
        return definition.Default;
    }
}
