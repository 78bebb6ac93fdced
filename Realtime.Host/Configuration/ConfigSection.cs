namespace Realtime.Host.Configuration;

/// <summary>A mapping in the config file and the keys it may have.</summary>
/// <param name="Path">Dotted path with [] for lists ("sources[]"); empty for the top level.</param>
/// <param name="Keys">In the order in which a reader meets them.</param>
public sealed record ConfigSection(string Path, IReadOnlyList<ConfigKey> Keys)
{
    /// <summary>The key of that name, or null.</summary>
    public ConfigKey? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);

    /// <summary>This section and all below it.</summary>
    public IEnumerable<ConfigSection> Tree() =>
        Keys.Where(key => key.Section is not null).SelectMany(key => key.Section!.Tree()).Prepend(this);

    /// <summary>How messages name the section.</summary>
    public string Title => Path.Length == 0 ? "the top level" : Path;
}
