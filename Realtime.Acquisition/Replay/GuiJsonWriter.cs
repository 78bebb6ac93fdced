using System.Text;

namespace Realtime.Acquisition.Replay;

/// <summary>
/// Writes JSON in the Open Ephys GUI's (JUCE's) style: one value a line, CR LF, indents of two blanks, ASCII only, doubles always with a
/// point. One growing buffer, used again and again: nothing is allocated once it has its size. One thread.
/// </summary>
public sealed class GuiJsonWriter
{
    // Headers have some 300 bytes.
    private byte[] _buffer = new byte[4096];
    private int _length;
    private int _depth;
    private bool _first = true;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Clear()
    {
        _length = 0;
        _depth = 0;
        _first = true;
    }

    /// <summary>Opens an object; <paramref name="key"/> is empty for the outermost.</summary>
    public void BeginObject(ReadOnlySpan<byte> key = default) => Begin(key, (byte)'{');

    public void EndObject() => End((byte)'}');

    public void BeginArray(ReadOnlySpan<byte> key) => Begin(key, (byte)'[');

    public void EndArray() => End((byte)']');

    public void Integer(ReadOnlySpan<byte> key, long value)
    {
        Key(key);
        Reserve(20);
        value.TryFormat(_buffer.AsSpan(_length), out var written);
        _length += written;
    }

    public void Double(ReadOnlySpan<byte> key, double value)
    {
        Key(key);
        Reserve(GuiNumber.MaxBytes);
        _length += GuiNumber.Format(value, _buffer.AsSpan(_length));
    }

    /// <summary>Writes a text that <see cref="Quote"/> has made ready.</summary>
    public void Quoted(ReadOnlySpan<byte> key, ReadOnlySpan<byte> quoted)
    {
        Key(key);
        Append(quoted);
    }

    /// <summary>A text in quotes, with escapes; allocates, so done once for each name.</summary>
    public static byte[] Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            switch (letter)
            {
                case '"': quoted.Append("\\\""); break;
                case '\\': quoted.Append(@"\\"); break;
                case '\b': quoted.Append("\\b"); break;
                case '\f': quoted.Append("\\f"); break;
                case '\n': quoted.Append("\\n"); break;
                case '\r': quoted.Append("\\r"); break;
                case '\t': quoted.Append("\\t"); break;
                case >= ' ' and <= '~': quoted.Append(letter); break;
                default: quoted.Append($"\\u{(int)letter:x4}"); break;
            }
        }

        return Encoding.ASCII.GetBytes(quoted.Append('"').ToString());
    }

    private void Begin(ReadOnlySpan<byte> key, byte bracket)
    {
        if (_depth > 0) Key(key);
        Append(bracket);
        _depth++;
        _first = true;
    }

    private void End(byte bracket)
    {
        _depth--;
        NewLine();
        Append(bracket);
        _first = false;
    }

    /// <summary>Begins the line of a member, or of an array's item when the key is empty.</summary>
    private void Key(ReadOnlySpan<byte> key)
    {
        if (!_first) Append((byte)',');
        _first = false;
        NewLine();
        if (key.IsEmpty) return;
        Append((byte)'"');
        Append(key);
        Append("\": "u8);
    }

    private void NewLine()
    {
        Append("\r\n"u8);
        for (var level = 0; level < _depth; level++) Append("  "u8);
    }

    private void Append(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }

    private void Reserve(int bytes)
    {
        if (_length + bytes > _buffer.Length) Array.Resize(ref _buffer, 2 * (_length + bytes));
    }
}
