namespace Realtime.Engine.Text;

/// <summary>Finds the name that a person probably meant, for messages about a mistyped one.</summary>
public static class NearestName
{
    /// <summary>The candidate that was most likely meant; null when none is near enough to be more than a guess.</summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        // A word longer than this is no typing error, and would cost time to compare.
        const int maxLength = 64;
        if (word.Length is 0 or > maxLength) return null;
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var prefix = word.Length >= 3 && (BeginsWith(candidate, word) || BeginsWith(word, candidate));
            var distance = prefix ? 1 : Distance(word, candidate);
            if (distance >= bestDistance || distance > Math.Max(1, Math.Min(word.Length, candidate.Length) / 3 + 1)) continue;
            best = candidate;
            bestDistance = distance;
        }

        return best;
    }

    /// <summary>Part of a sentence: "; the nearest is 'x'", or nothing where no candidate is near.</summary>
    public static string Hint(string word, IEnumerable<string> candidates) => Find(word, candidates) is { } near ? $"; the nearest is '{near}'" : "";

    /// <summary>Letters to insert, delete, replace or swap with their neighbour (optimal string alignment), ignoring case.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var differs = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                var best = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + differs);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) best = Math.Min(best, rows[i - 2, j - 2] + 1);
                rows[i, j] = best;
            }
        }

        return rows[a.Length, b.Length];
    }

    private static bool BeginsWith(string word, string beginning) => word.StartsWith(beginning, StringComparison.OrdinalIgnoreCase);

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
