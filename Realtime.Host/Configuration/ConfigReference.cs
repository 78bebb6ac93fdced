using System.Globalization;
using System.Text;

namespace Realtime.Host.Configuration;

/// <summary>A key table as the reference part of a page under docs.</summary>
public static class ConfigReference
{
    /// <summary>One Markdown table per section, each line ending in a line break.</summary>
    public static string Markdown(ConfigSection root)
    {
        var text = new StringBuilder();
        foreach (var section in root.Tree())
        {
            text.Append(CultureInfo.InvariantCulture, $"### {(section.Path.Length == 0 ? "Top level" : $"`{section.Path}`")}\n\n");
            text.Append("| key | value | default | meaning |\n|---|---|---|---|\n");
            foreach (var key in section.Keys)
            {
                var description = key.Description.Replace("|", "\\|", StringComparison.Ordinal);
                text.Append(CultureInfo.InvariantCulture, $"| `{key.Name}` | {Kind(key)} | {Default(key)} | {description} |\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Kind(ConfigKey key) => key.Kind switch
    {
        ConfigKeyKind.Text => string.Create(CultureInfo.InvariantCulture, $"text, up to {key.MaxLength} characters"),
        ConfigKeyKind.Boolean => "`true` or `false`",
        ConfigKeyKind.Choice => string.Join(", ", key.Choices.Select(choice => $"`{choice}`")),
        ConfigKeyKind.Section => "section",
        ConfigKeyKind.List => string.Create(CultureInfo.InvariantCulture, $"list of {key.Min} to {key.Max}"),
        ConfigKeyKind.Words => string.Create(CultureInfo.InvariantCulture, $"list of {key.Min} to {key.Max} texts"),
        ConfigKeyKind.Integer when key.Min == key.Max => ScalarReader.Written(key.Min),
        ConfigKeyKind.Integer when key.PowerOfTwo => $"power of two, {Range(key)}",
        ConfigKeyKind.Integer => $"whole number, {Range(key)}",
        _ => $"number, {Range(key)}",
    };

    private static string Default(ConfigKey key)
    {
        if (key.Required) return "required";
        return key.Kind is ConfigKeyKind.Section or ConfigKeyKind.List or ConfigKeyKind.Words ? "–" : $"`{ScalarReader.Written(key.Default)}`";
    }

    private static string Range(ConfigKey key) => $"{ScalarReader.Written(key.Min)} to {ScalarReader.Written(key.Max)}";
}
