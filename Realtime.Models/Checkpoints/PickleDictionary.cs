using System.Diagnostics.CodeAnalysis;

namespace Realtime.Models.Checkpoints;

/// <summary>
/// A Python dictionary, in the order of its making. Only text keys can be looked up; of equal other keys all are listed. It may hold
/// itself: never walk a tree of values without a bound.
/// </summary>
public sealed class PickleDictionary
{
    private List<KeyValuePair<object?, object?>>? _entries;
    private Dictionary<string, int>? _texts;

    internal PickleDictionary(bool ordered) => IsOrdered = ordered;

    /// <summary>Whether it was a collections.OrderedDict.</summary>
    public bool IsOrdered { get; }

    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => _entries ?? (IReadOnlyList<KeyValuePair<object?, object?>>)[];

    public int Count => _entries?.Count ?? 0;

    /// <summary>The text keys, in order.</summary>
    public IEnumerable<string> Names => Entries.Select(entry => entry.Key).OfType<string>();

    public bool TryGet(string key, [MaybeNullWhen(false)] out object? value)
    {
        value = null;
        if (_texts is null || !_texts.TryGetValue(key, out var at)) return false;
        value = _entries![at].Value;
        return true;
    }

    internal void Set(object? key, object? value)
    {
        _entries ??= [];
        if (key is string text)
        {
            _texts ??= new Dictionary<string, int>(StringComparer.Ordinal);
            if (_texts.TryGetValue(text, out var at))
            {
                _entries[at] = new(key, value);
                return;
            }

            _texts.Add(text, _entries.Count);
        }

        _entries.Add(new(key, value));
    }
}
