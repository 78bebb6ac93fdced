using System.Globalization;
using Realtime.Engine.Text;

namespace Realtime.Host.Configuration;

/// <summary>Checks a section against the key table and collects everything that is wrong, not only the first thing.</summary>
/// <param name="problems">Where to tell what is wrong.</param>
/// <param name="root">The whole file's keys, to say where a misplaced key belongs.</param>
internal sealed class ConfigSectionReader(ConfigProblems problems, ConfigSection root)
{
    public ConfigValues Read(ConfigSection section, string path, MappingNode mapping)
    {
        var values = new ConfigValues(section, path, mapping);
        var seen = new Dictionary<string, ScalarNode>();
        foreach (var (name, node) in mapping.Entries)
        {
            var key = section.Find(name.Value);
            if (key is null)
            {
                problems.Add(name, PathOf(path, Shown(name.Value)), UnknownKey(section, name.Value));
                continue;
            }

            if (!seen.TryAdd(name.Value, name))
            {
                problems.Add(name, PathOf(path, name.Value), string.Create(CultureInfo.InvariantCulture,
                    $"the key stands twice; it is also on line {seen[name.Value].Line}. Remove one of them."));
                continue;
            }

            ReadValue(values, key, node);
        }

        foreach (var key in section.Keys) Complete(values, key, seen, mapping);
        return values;
    }

    private void ReadValue(ConfigValues values, ConfigKey key, ConfigNode node)
    {
        var path = values.PathOf(key.Name);
        switch (key.Kind)
        {
            case ConfigKeyKind.Section when node is MappingNode mapping:
                values.Set(key.Name, Read(key.Section!, path, mapping), mapping);
                return;
            case ConfigKeyKind.List when node is ListNode list:
                values.Set(key.Name, ReadList(key, path, list), list);
                return;
            case ConfigKeyKind.Words when node is ListNode list:
                ReadWords(values, key, path, list);
                return;
            case ConfigKeyKind.Section or ConfigKeyKind.List or ConfigKeyKind.Words when node is ScalarNode { IsNull: true } && !key.Required:
                return;
            case ConfigKeyKind.Words:
                problems.Add(node, path, $"must be a list of texts, such as [x, y], but is {ScalarReader.Describe(node)}.");
                values.MarkBroken(key.Name);
                return;
            case ConfigKeyKind.Section or ConfigKeyKind.List:
                var expected = key.Kind == ConfigKeyKind.List ? "a list, each item beginning with '- '"
                    : "a section, with its keys indented below it";
                problems.Add(node, path, $"must be {expected}, but is {ScalarReader.Describe(node)}. Its keys: {Names(key.Section!)}.");
                values.MarkBroken(key.Name);
                return;
        }

        if (ScalarReader.Read(key, node, out var value) is { } problem)
        {
            problems.Add(node, path, problem);
            values.MarkBroken(key.Name);
        }
        else
        {
            values.Set(key.Name, value, node);
        }
    }

    private void ReadWords(ConfigValues values, ConfigKey key, string path, ListNode list)
    {
        if (list.Items.Count < key.Min || list.Items.Count > key.Max)
        {
            problems.Add(list, path, string.Create(CultureInfo.InvariantCulture,
                $"must have from {key.Min} to {key.Max} items, but has {list.Items.Count}."));
        }

        var (words, text) = (new List<string>(), key with { Kind = ConfigKeyKind.Text, Nullable = false });
        foreach (var item in list.Items)
        {
            if (ScalarReader.Read(text, item, out var word) is { } problem) problems.Add(item, path, problem);
            else words.Add((string)word!);
        }

        values.Set(key.Name, words, list);
    }

    private List<ConfigValues> ReadList(ConfigKey key, string path, ListNode list)
    {
        if (list.Items.Count < key.Min || list.Items.Count > key.Max)
        {
            problems.Add(list, path, string.Create(CultureInfo.InvariantCulture,
                $"must have from {key.Min} to {key.Max} items, but has {list.Items.Count}."));
        }

        var items = new List<ConfigValues>();
        for (var index = 0; index < list.Items.Count && index < key.Max; index++)
        {
            var itemPath = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            if (list.Items[index] is MappingNode mapping) items.Add(Read(key.Section!, itemPath, mapping));
            else problems.Add(list.Items[index], itemPath, $"must be a section with the keys {Names(key.Section!)}, but is"
                + $" {ScalarReader.Describe(list.Items[index])}.");
        }

        return items;
    }

    /// <summary>Reports a required key that is missing; gives a section that was left out its defaults.</summary>
    private void Complete(ConfigValues values, ConfigKey key, Dictionary<string, ScalarNode> seen, MappingNode mapping)
    {
        if (key.Required && !seen.ContainsKey(key.Name))
        {
            values.MarkBroken(key.Name);
            problems.Add(mapping, values.PathOf(key.Name), $"the key is missing; it is required in {values.Definition.Title}."
                + $" {key.Description}");
        }

        // What is missing inside a section that is itself missing was said above, once.
        var present = seen.ContainsKey(key.Name) && values.Sound(key.Name);
        if (key.Kind != ConfigKeyKind.Section || (present && values.PlaceOf(key.Name) != mapping)) return;
        var unheard = new ConfigSectionReader(new ConfigProblems(""), root);
        values.Set(key.Name, unheard.Read(key.Section!, values.PathOf(key.Name), mapping with { Entries = [] }), mapping);
    }

    private string UnknownKey(ConfigSection section, string name)
    {
        var nearest = NearestName.Find(name, section.Keys.Select(key => key.Name));
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        var home = root.Tree().FirstOrDefault(other => other != section && other.Find(name) is not null);
        if (nearest is null && home is not null)
            hint = $" '{name}' is a key of {home.Title}.";
        return $"there is no such key in {section.Title}.{hint} Known keys: {Names(section)}.";
    }

    private static string Names(ConfigSection section) => string.Join(", ", section.Keys.Select(key => key.Name));

    private static string PathOf(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Shown(string text) => ScalarReader.Shorten(text);
}
