using System.Globalization;

namespace Realtime.Acquisition.Recordings;

/// <summary>
/// Reads the Python dictionary at the head of an .npy file. Source: numpy.lib.format; the keys are exactly
/// descr, fortran_order and shape.
/// </summary>
internal sealed class NpyHeaderText
{
    // NumPy itself stops at 64 axes; nothing here has more than 2.
    private const int MaxAxes = 64;

    private readonly string _text;
    private int _at;

    private NpyHeaderText(string text) => _text = text;

    public string? Descr { get; private set; }

    public bool? FortranOrder { get; private set; }

    public List<long>? Shape { get; private set; }

    /// <exception cref="FormatException">The text is no such dictionary; the message is a sentence's second half.</exception>
    public static NpyHeaderText Parse(string text)
    {
        var header = new NpyHeaderText(text);
        header.ReadDictionary();
        if (header.Descr is null) throw new FormatException("has no key 'descr'");
        if (header.FortranOrder is null) throw new FormatException("has no key 'fortran_order'");
        if (header.Shape is null) throw new FormatException("has no key 'shape'");
        return header;
    }

    private void ReadDictionary()
    {
        Expect('{');
        while (!TryTake('}'))
        {
            var key = ReadString();
            Expect(':');
            ReadValue(key);
            if (TryTake(',')) continue;
            Expect('}');
            break;
        }

        if (Peek() != '\0' || _at < _text.Length) throw new FormatException($"goes on after its closing brace, at character {_at}");
    }

    private void ReadValue(string key)
    {
        switch (key)
        {
            case "descr" when Descr is null:
                if (Peek() is '[' or '(') throw new FormatException("describes a structured array (named fields), which is not read");
                Descr = ReadString();
                break;
            case "fortran_order" when FortranOrder is null:
                FortranOrder = ReadBool();
                break;
            case "shape" when Shape is null:
                Shape = ReadShape();
                break;
            case "descr" or "fortran_order" or "shape":
                throw new FormatException($"has the key '{key}' twice");
            default:
                throw new FormatException($"has the unknown key '{Printable(key)}'");
        }
    }

    private List<long> ReadShape()
    {
        var shape = new List<long>();
        Expect('(');
        while (!TryTake(')'))
        {
            if (shape.Count == MaxAxes) throw new FormatException($"has a shape of more than {MaxAxes} axes");
            shape.Add(ReadLength());
            if (TryTake(',')) continue;
            Expect(')');
            break;
        }

        return shape;
    }

    private long ReadLength()
    {
        Peek();
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        var digits = _text.AsSpan(start, _at - start);
        if (digits.IsEmpty) throw new FormatException($"has no axis length where one belongs, at character {start}");
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            throw new FormatException("has an axis length beyond 64 bits");
        // Python 2 wrote long integers with this suffix.
        if (_at < _text.Length && _text[_at] == 'L') _at++;
        return length;
    }

    private bool ReadBool()
    {
        if (TryTakeWord("False")) return false;
        if (TryTakeWord("True")) return true;
        throw new FormatException($"has neither True nor False as 'fortran_order', at character {_at}");
    }

    private string ReadString()
    {
        var quote = Peek();
        if (quote is not ('\'' or '"')) throw new FormatException($"has no quoted text where some belongs, at character {_at}");
        var end = _text.IndexOf(quote, _at + 1);
        if (end < 0) throw new FormatException($"has a quote that never closes, at character {_at}");
        var value = _text[(_at + 1)..end];
        _at = end + 1;
        return value;
    }

    private bool TryTakeWord(string word)
    {
        Peek();
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) return false;
        _at += word.Length;
        return true;
    }

    private bool TryTake(char wanted)
    {
        if (Peek() != wanted || _at >= _text.Length) return false;
        _at++;
        return true;
    }

    private void Expect(char wanted)
    {
        if (!TryTake(wanted)) throw new FormatException($"lacks '{wanted}' at character {_at}");
    }

    /// <summary>The next character that is no blank, or NUL at the end.</summary>
    private char Peek()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\n' or '\r' or '\t') _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private static string Printable(string text)
    {
        var shown = text.Length > 40 ? text[..40] : text;
        return string.Concat(shown.Select(c => c is >= ' ' and <= '~' ? c : '?'));
    }
}
