namespace Realtime.Host.Configuration;

/// <summary>Short forms for tables of keys.</summary>
internal static class ConfigKeys
{
    public static ConfigKey Text(string name, string? value, string description, bool required = false, bool nullable = false) => new()
    {
        Name = name,
        Kind = ConfigKeyKind.Text,
        Default = value,
        Description = OneLine(description),
        Required = required,
        Nullable = nullable,
    };

    public static ConfigKey Integer(string name, long? value, double min, double max, string description, bool required = false,
        bool nullable = false) => new()
        {
            Name = name,
            Kind = ConfigKeyKind.Integer,
            Default = value,
            Min = min,
            Max = max,
            Description = OneLine(description),
            Required = required,
            Nullable = nullable,
        };

    public static ConfigKey Number(string name, double? value, double min, double max, string description, bool required = false,
        bool nullable = false) => new()
        {
            Name = name,
            Kind = ConfigKeyKind.Number,
            Default = value,
            Min = min,
            Max = max,
            Description = OneLine(description),
            Required = required,
            Nullable = nullable,
        };

    public static ConfigKey Boolean(string name, bool value, string description) => new()
    {
        Name = name,
        Kind = ConfigKeyKind.Boolean,
        Default = value,
        Description = OneLine(description),
    };

    public static ConfigKey Choice<T>(string name, T value, string description)
        where T : struct, Enum => new()
        {
            Name = name,
            Kind = ConfigKeyKind.Choice,
            Default = ConfigWords.Of(value),
            Choices = ConfigWords.All<T>(),
            Description = OneLine(description),
        };

    public static ConfigKey Section(string name, ConfigSection section, string description, bool required = false) => new()
    {
        Name = name,
        Kind = ConfigKeyKind.Section,
        Section = section,
        Description = OneLine(description),
        Required = required,
    };

    public static ConfigKey List(string name, int min, int max, ConfigSection section, string description, bool required = false) => new()
    {
        Name = name,
        Kind = ConfigKeyKind.List,
        Min = min,
        Max = max,
        Section = section,
        Description = OneLine(description),
        Required = required,
    };

    /// <summary>A list of texts.</summary>
    public static ConfigKey Words(string name, int min, int max, string description) => new()
    {
        Name = name,
        Kind = ConfigKeyKind.Words,
        Min = min,
        Max = max,
        Description = OneLine(description),
    };

    /// <summary>Descriptions are written over several lines and read as one.</summary>
    private static string OneLine(string description) => description.ReplaceLineEndings(" ");
}
