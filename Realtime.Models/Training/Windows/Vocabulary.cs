namespace Realtime.Models.Training.Windows;

/// <summary>Words by row; row 0 is NA.</summary>
internal sealed class Vocabulary
{
    private readonly List<string> _words;
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);

    /// <exception cref="TrainingException">The words that are there do not begin with NA, or one is there twice.</exception>
    public Vocabulary(IReadOnlyList<string>? words)
    {
        _words = [.. words ?? [TrainingSessions.Padding]];
        if (_words.Count == 0 || _words[0] != TrainingSessions.Padding)
            throw new TrainingException($"The model's vocabulary does not begin with '{TrainingSessions.Padding}': its file is damaged.");
        for (var row = 0; row < _words.Count; row++)
            if (!_rows.TryAdd(_words[row], row)) throw new TrainingException($"The model's vocabulary has '{_words[row]}' twice: its file is damaged.");
    }

    public IReadOnlyList<string> Words => _words;

    /// <summary>The word's row; a new word gets the next one.</summary>
    public int RowOf(string word)
    {
        if (_rows.TryGetValue(word, out var row)) return row;
        _rows.Add(word, _words.Count);
        _words.Add(word);
        return _words.Count - 1;
    }
}
