using Realtime.Engine.Text;

namespace Realtime.Models.Transformer;

/// <summary>Checks that a model file's words, rows and tables belong together.</summary>
internal static class VocabularyCheck
{
    private const string Again = "Import or train the model again.";

    /// <summary>Words and rows of units.</summary>
    /// <exception cref="ModelFormatException">They do not fit the unit table or the config's units.</exception>
    public static void Units(ModelFile file, IReadOnlyList<string> words, IReadOnlyList<int> rows, int tableRows)
    {
        Words(file, "unit_vocab", words, tableRows);
        if (rows.Count != file.Config.Units.Count)
            throw new ModelFormatException(file.Name, "config.settings.unit_rows", $"has {rows.Count} rows for {file.Config.Units.Count} units.", Again);
        foreach (var row in rows)
        {
            // Row 0 is NA: it may stand for no unit at all, never for one of the recording's.
            if (row < 1 || row >= tableRows)
                throw new ModelFormatException(file.Name, "config.settings.unit_rows", $"names row {row}; the unit table has rows 1 to {tableRows - 1} for units.", Again);
        }

        if (rows.Distinct().Count() != rows.Count) throw new ModelFormatException(file.Name, "config.settings.unit_rows", "names a row twice.", Again);
    }

    /// <summary>Words of sessions.</summary>
    /// <exception cref="ModelFormatException">They do not fit the session table.</exception>
    public static void Sessions(ModelFile file, IReadOnlyList<string> words, int tableRows) => Words(file, "session_vocab", words, tableRows);

    /// <summary>The row of a session.</summary>
    /// <exception cref="ModelFormatException">The vocabulary lacks it; the message names the nearest.</exception>
    public static int Session(ModelFile file, IReadOnlyList<string> words, string session)
    {
        for (var row = 1; row < words.Count; row++)
            if (words[row] == session) return row;
        throw new ModelFormatException(file.Name, "config.settings.session", $"is '{session}', which is not in the vocabulary{NearestName.Hint(session, words)}.", Again);
    }

    private static void Words(ModelFile file, string key, IReadOnlyList<string> words, int tableRows)
    {
        if (words.Count != tableRows)
            throw new ModelFormatException(file.Name, "config.settings." + key, $"has {words.Count} words; the table has {tableRows} rows.", Again);
        if (words.Any(word => word is null) || words.Distinct(StringComparer.Ordinal).Count() != words.Count)
            throw new ModelFormatException(file.Name, "config.settings." + key, "names a word twice, or has an empty entry.", Again);
    }
}
