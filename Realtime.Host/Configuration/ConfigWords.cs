using System.Text;

namespace Realtime.Host.Configuration;

/// <summary>How enum members are spelled in files: OpenEphysZmq is open_ephys_zmq.</summary>
public static class ConfigWords
{
    public static string Of<T>(T value)
        where T : struct, Enum => SnakeCase(value.ToString());

    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(SnakeCase).ToArray();

    /// <exception cref="ArgumentException">No member is spelled so.</exception>
    public static T Parse<T>(string word)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (Of(value) == word) return value;
        throw new ArgumentException($"'{word}' is none of {string.Join(", ", All<T>())}.", nameof(word));
    }

    public static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
