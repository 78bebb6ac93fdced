namespace Realtime.Host.Configuration;

/// <summary>All that is known of one key: the loader, the JSON schema and the reference page are made from it.</summary>
public sealed record ConfigKey
{
    public required string Name { get; init; }

    public required ConfigKeyKind Kind { get; init; }

    /// <summary>What the key means, and why its default and its limits are what they are.</summary>
    public required string Description { get; init; }

    /// <summary>The value when the key is left out: string, long, double, bool or null.</summary>
    public object? Default { get; init; }

    public bool Required { get; init; }

    /// <summary>Whether null may be written, which always means the same as leaving the key out.</summary>
    public bool Nullable { get; init; }

    /// <summary>Smallest number allowed; for a list, the fewest items.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Largest number allowed; for a list, the most items.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    public bool PowerOfTwo { get; init; }

    /// <summary>Longest text, in characters.</summary>
    public int MaxLength { get; init; } = 256;

    /// <summary>Whether the text becomes part of a file name.</summary>
    public bool FileName { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The keys inside a section or a list's items.</summary>
    public ConfigSection? Section { get; init; }
}
