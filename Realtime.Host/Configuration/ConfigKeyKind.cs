namespace Realtime.Host.Configuration;

/// <summary>What may stand behind a key.</summary>
public enum ConfigKeyKind
{
    Text,
    Integer,
    Number,
    Boolean,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>A mapping with keys of its own.</summary>
    Section,

    /// <summary>A list of such mappings.</summary>
    List,

    /// <summary>A list of texts.</summary>
    Words,
}
