using System.Globalization;
using System.Text.Json.Nodes;
using Realtime.Host.Configuration;
using Realtime.Models.Checkpoints;

namespace Realtime.Host.Commands;

/// <summary>
/// Reads a model's configuration from YAML or JSON: upstream's own file of a model (its values at the top), or one with the values under
/// <c>hyper_parameters</c> or <c>model</c>.
/// </summary>
internal static class ImportConfigFile
{
    /// <exception cref="UserErrorException">The file cannot be read, or holds no keys and values.</exception>
    public static HyperParameters Read(string path)
    {
        var problems = new ConfigProblems(path);
        if (ConfigFileText.Read(path, problems) is not { } text || new ConfigTreeReader(problems).Read(text) is not { } root)
            throw new UserErrorException(string.Join(Environment.NewLine, problems.ToList()), ExitCode.BadInput);
        var section = Section(root, "hyper_parameters") ?? root;
        section = Section(section, "model") ?? section;
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, node) in section.Entries)
        {
            if (!values.TryAdd(name.Value, Value(node)))
                throw new UserErrorException($"{path}:{name.Line}:{name.Column}: '{name.Value}' stands twice.", ExitCode.BadInput);
        }

        return new HyperParameters(path, values);
    }

    private static MappingNode? Section(MappingNode mapping, string key) => mapping.Entries.FirstOrDefault(entry => entry.Key.Value == key).Value as MappingNode;

    private static object? Value(ConfigNode node)
    {
        if (node is MappingNode mapping) return new JsonObject(mapping.Entries.DistinctBy(entry => entry.Key.Value).Select(entry => KeyValuePair.Create(entry.Key.Value, Json(entry.Value))));
        if (node is ListNode list) return new JsonArray([.. list.Items.Select(Json)]);
        if (node is not ScalarNode scalar) return node;
        if (!scalar.Plain) return scalar.Value;
        if (scalar.IsNull) return null;
        if (bool.TryParse(scalar.Value, out var flag)) return flag;
        if (long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return whole;
        return double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : scalar.Value;
    }

    private static JsonNode? Json(ConfigNode node) => Value(node) switch
    {
        JsonNode made => made,
        bool flag => JsonValue.Create(flag),
        long whole => JsonValue.Create(whole),
        double number when double.IsFinite(number) => JsonValue.Create(number),
        string text => JsonValue.Create(text),
        _ => null,
    };
}
