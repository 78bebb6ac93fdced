using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Engine.Text;
using Realtime.Host.Configuration;

namespace Realtime.Host.Training;

/// <summary>Turns a recipe file into the JSON of a recipe record, and says of each key that the record does not have, or has with another type, where it stands.</summary>
internal static class RecipeTree
{
    /// <param name="node">The file, or a part of it.</param>
    /// <param name="type">The record, or the type of one of its values.</param>
    /// <param name="path">Key of the part; empty for the file.</param>
    /// <param name="problems">Added to.</param>
    /// <returns>Null where it is null, or where a problem was added.</returns>
    public static JsonNode? ToJson(ConfigNode node, Type type, string path, ConfigProblems problems)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        if (node is ScalarNode { IsNull: true }) return null;
        if (inner == typeof(string) || inner == typeof(bool) || inner.IsEnum || IsNumber(inner))
        {
            if (node is ScalarNode scalar && Value(scalar, inner) is { } value) return value;
            problems.Add(node, path, $"must be {Wanted(inner)}, but is {ScalarReader.Describe(node)}.{(inner.IsEnum && node is ScalarNode word ? NearestName.Hint(word.Value, Words(inner)) : "")}");
            return null;
        }

        if (Element(inner) is { } element)
        {
            if (node is ListNode list) return new JsonArray([.. list.Items.Select((item, index) => ToJson(item, element, $"{path}[{index}]", problems))]);
            problems.Add(node, path, $"must be a list, but is {ScalarReader.Describe(node)}.");
            return null;
        }

        if (node is MappingNode mapping) return Section(mapping, inner, path, problems);
        problems.Add(node, path, $"must be a section of keys, but is {ScalarReader.Describe(node)}.");
        return null;
    }

    private static JsonObject Section(MappingNode mapping, Type type, string path, ConfigProblems problems)
    {
        var known = type.GetProperties().Where(property => property.CanWrite).ToDictionary(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), property => property.PropertyType, StringComparer.Ordinal);
        var json = new JsonObject();
        foreach (var (name, value) in mapping.Entries)
        {
            var key = path.Length == 0 ? name.Value : $"{path}.{name.Value}";
            if (!known.TryGetValue(name.Value, out var due)) problems.Add(name, key, $"there is no such key{NearestName.Hint(name.Value, known.Keys)}. Keys: {string.Join(", ", known.Keys)}.");
            else if (json.ContainsKey(name.Value)) problems.Add(name, key, "stands twice; remove one.");
            else json[name.Value] = ToJson(value, due, key, problems);
        }

        return json;
    }

    private static JsonValue? Value(ScalarNode scalar, Type type)
    {
        if (type == typeof(string)) return JsonValue.Create(scalar.Value);
        if (!scalar.Plain && !type.IsEnum) return null;
        if (type == typeof(bool)) return scalar.Value.ToLowerInvariant() switch { "true" => JsonValue.Create(true), "false" => JsonValue.Create(false), _ => null };
        if (type.IsEnum) return Words(type).Contains(scalar.Value) ? JsonValue.Create(scalar.Value) : null;
        if (type == typeof(int)) return int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null;
        if (type == typeof(long)) return long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large) ? JsonValue.Create(large) : null;
        return double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? JsonValue.Create(real) : null;
    }

    private static bool IsNumber(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(double);

    private static Type? Element(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static string Wanted(Type type) =>
        type == typeof(string) ? "a text"
        : type == typeof(bool) ? "true or false"
        : type.IsEnum ? $"one of {string.Join(", ", Words(type))}"
        : type == typeof(double) ? "a number"
        : "a whole number";

    private static IEnumerable<string> Words(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);
}
