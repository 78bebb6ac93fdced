using System.Globalization;
using Realtime.Engine.Text;

namespace Realtime.Host.Configuration;

/// <summary>Turns what stands behind a key into its value, or into the words that say what is wrong with it.</summary>
internal static class ScalarReader
{
    /// <summary>Null when the value is sound; else the problem.</summary>
    public static string? Read(ConfigKey key, ConfigNode node, out object? value)
    {
        value = null;
        if (node is not ScalarNode scalar) return $"must be {Wanted(key)}, but is {Describe(node)}.";
        if (scalar.IsNull)
        {
            if (key.Nullable) return null;
            return key.Required
                ? $"is empty; it must be {Wanted(key)}."
                : $"is empty; give {Wanted(key)}, or remove the line to have {Written(key.Default)}.";
        }

        return key.Kind switch
        {
            ConfigKeyKind.Text => ReadText(key, scalar, out value),
            ConfigKeyKind.Boolean => ReadBoolean(key, scalar, out value),
            ConfigKeyKind.Choice => ReadChoice(key, scalar, out value),
            ConfigKeyKind.Integer => ReadInteger(key, scalar, out value),
            _ => ReadNumber(key, scalar, out value),
        };
    }

    /// <summary>"the text 'abc'", "a list", ...; long texts are cut.</summary>
    public static string Describe(ConfigNode node) => node switch
    {
        ListNode => "a list",
        MappingNode => "a section",
        ScalarNode { IsNull: true } => "empty",
        ScalarNode { Plain: true } scalar => $"'{Shorten(scalar.Value)}'",
        ScalarNode scalar => $"the quoted text \"{Shorten(scalar.Value)}\"",
        _ => "something else",
    };

    /// <summary>Fit for one line of a message: cut to 40 characters, control characters shown as '?'.</summary>
    public static string Shorten(string text)
    {
        const int longest = 40;
        var cut = text.Length > longest ? string.Concat(text.AsSpan(0, longest), "…") : text;
        return string.Concat(cut.Select(letter => char.IsControl(letter) ? '?' : letter));
    }

    /// <summary>A value as it is written in a config file.</summary>
    public static string Written(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string? ReadText(ConfigKey key, ScalarNode scalar, out object? value)
    {
        value = scalar.Value;
        if (scalar.Value.Trim().Length == 0) return "is empty; give a text.";
        if (scalar.Value.Length > key.MaxLength)
            return string.Create(CultureInfo.InvariantCulture, $"has {scalar.Value.Length} characters; at most {key.MaxLength} are"
                + $" allowed.");
        if (scalar.Value.Any(char.IsControl)) return "holds control characters; remove them.";
        if (!key.FileName) return null;
        var bad = scalar.Value.FirstOrDefault("\\/:*?\"<>|".Contains);
        if (bad != default) return $"holds '{bad}', which file names cannot have; use letters, digits, '-', '_'.";
        return scalar.Value[^1] is '.' or ' ' || scalar.Value[0] is '.' or ' '
            ? "begins or ends with a dot or a blank, which file names cannot have."
            : null;
    }

    private static string? ReadBoolean(ConfigKey key, ScalarNode scalar, out object? value)
    {
        value = scalar.Value is "true" or "True" or "TRUE";
        return scalar.Plain && scalar.Value is "true" or "True" or "TRUE" or "false" or "False" or "FALSE"
            ? null
            : $"must be {Wanted(key)}, but is {Describe(scalar)}.";
    }

    private static string? ReadChoice(ConfigKey key, ScalarNode scalar, out object? value)
    {
        value = scalar.Value;
        if (key.Choices.Contains(scalar.Value)) return null;
        var nearest = NearestName.Find(scalar.Value, key.Choices);
        return $"must be {Wanted(key)}, but is {Describe(scalar)}.{(nearest is null ? "" : $" Did you mean '{nearest}'?")}";
    }

    private static string? ReadInteger(ConfigKey key, ScalarNode scalar, out object? value)
    {
        var read = long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        value = number;
        if (!read || !scalar.Plain) return $"must be {Wanted(key)}, but is {Describe(scalar)}.{NumberHint(scalar)}";
        if (number < key.Min || number > key.Max) return $"must be {Wanted(key)}, but is {Written(number)}.";
        if (!key.PowerOfTwo || (number & (number - 1)) == 0) return null;
        var below = 1L << (63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)number));
        return $"must be {Wanted(key)}, but is {Written(number)}; the nearest are {Written(below)} and {Written(below * 2)}.";
    }

    private static string? ReadNumber(ConfigKey key, ScalarNode scalar, out object? value)
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var read = double.TryParse(scalar.Value, styles, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
        value = number;
        if (!read || !scalar.Plain) return $"must be {Wanted(key)}, but is {Describe(scalar)}.{NumberHint(scalar)}";
        return number < key.Min || number > key.Max ? $"must be {Wanted(key)}, but is {Written(number)}." : null;
    }

    private static string NumberHint(ScalarNode scalar)
    {
        if (!scalar.Plain) return " Remove the quotes.";
        if (scalar.Value.Contains(',')) return " Write a decimal point, and no separators between digits.";
        return scalar.Value.EndsWith("ms", StringComparison.Ordinal) || scalar.Value.EndsWith("Hz", StringComparison.OrdinalIgnoreCase)
            ? " The unit stands in the key's name; write the number alone."
            : "";
    }

    private static string Wanted(ConfigKey key) => key.Kind switch
    {
        ConfigKeyKind.Text => "a text",
        ConfigKeyKind.Boolean => "true or false",
        ConfigKeyKind.Choice => key.Choices.Count == 1
            ? $"'{key.Choices[0]}', the only choice yet"
            : $"one of {string.Join(", ", key.Choices)}",
        ConfigKeyKind.Integer when key.PowerOfTwo => $"a power of two {Range(key)}",
        ConfigKeyKind.Integer when key.Min == key.Max => Written(key.Min),
        ConfigKeyKind.Integer => $"a whole number {Range(key)}",
        _ => $"a number {Range(key)}",
    } + (key.Nullable ? " or null" : "");

    private static string Range(ConfigKey key) => $"from {Written(key.Min)} to {Written(key.Max)}";
}
