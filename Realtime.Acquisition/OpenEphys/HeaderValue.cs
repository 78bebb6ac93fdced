using System.Buffers.Text;
using System.Text.Json;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>Reads single values of a header: the reader stands on the key when called, and on the value's end afterwards. Null counts as
/// missing.</summary>
internal static class HeaderValue
{
    // Below this every integer has a double of its own.
    private const double ExactDouble = 9007199254740992.0;

    // "-9223372036854775808" with room for ".000000000000000".
    private const int MaxNumberBytes = 64;

    public static ParseProblem Integer(ref Utf8JsonReader json, OpenEphysMessage message, OpenEphysFields field)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return ParseProblem.None;
        Span<byte> scratch = stackalloc byte[MaxNumberBytes];
        var length = NumberText(ref json, scratch);
        if (length <= 0) return ParseProblem.MistypedField;
        ReadOnlySpan<byte> text = scratch[..length];
        if (!TryInteger(text, out var value, out var problem)) return problem;
        return message.TrySet(field, value) ? ParseProblem.None : ParseProblem.NumberOutOfRange;
    }

    public static ParseProblem Rate(ref Utf8JsonReader json, OpenEphysMessage message)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return ParseProblem.None;
        Span<byte> scratch = stackalloc byte[MaxNumberBytes];
        var length = NumberText(ref json, scratch);
        if (length <= 0) return ParseProblem.MistypedField;
        ReadOnlySpan<byte> text = scratch[..length];
        if (!Utf8Parser.TryParse(text, out double value, out var used) || used != text.Length) return ParseProblem.MistypedField;
        if (!(value > 0 && double.IsFinite(value))) return ParseProblem.NumberOutOfRange;
        message.SampleRateHz = value;
        message.Mark(OpenEphysFields.SampleRate);
        return ParseProblem.None;
    }

    public static ParseProblem Text(ref Utf8JsonReader json, OpenEphysMessage message, OpenEphysFields field)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return ParseProblem.None;
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return ParseProblem.MistypedField;
        }

        // An escaped text shrinks to a sixth at most, so a longer one cannot fit.
        var buffer = message.TextBuffer(field);
        if (json.ValueSpan.Length > buffer.Length * (json.ValueIsEscaped ? 6 : 1)) return ParseProblem.NameTooLong;
        try
        {
            message.SetText(field, json.CopyString(buffer));
            return ParseProblem.None;
        }
        catch (ArgumentException)
        {
            return ParseProblem.NameTooLong;
        }
    }

    /// <summary>Copies a number's digits, written bare or as text; gives their length, or -1 when the value is neither.</summary>
    private static int NumberText(ref Utf8JsonReader json, scoped Span<byte> scratch)
    {
        if (json.TokenType is JsonTokenType.Number or JsonTokenType.String && json.ValueSpan.Length <= scratch.Length)
        {
            if (json.TokenType == JsonTokenType.String) return json.CopyString(scratch);
            json.ValueSpan.CopyTo(scratch);
            return json.ValueSpan.Length;
        }

        json.Skip();
        return -1;
    }

    /// <summary>Exact for all 64-bit integers; a number with a point or an exponent is taken when it is whole.</summary>
    private static bool TryInteger(ReadOnlySpan<byte> text, out long value, out ParseProblem problem)
    {
        problem = ParseProblem.None;
        if (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length) return true;
        if (used > 0 && text[used..].StartsWith("."u8) && text[(used + 1)..].TrimEnd((byte)'0').IsEmpty) return true;
        if (Utf8Parser.TryParse(text, out double number, out used) && used == text.Length)
        {
            if (Math.Abs(number) < ExactDouble && Math.Floor(number) == number)
            {
                value = (long)number;
                return true;
            }

            problem = ParseProblem.NumberOutOfRange;
            return false;
        }

        problem = ParseProblem.MistypedField;
        return false;
    }
}
