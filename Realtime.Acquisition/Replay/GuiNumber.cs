using System.Globalization;

namespace Realtime.Acquisition.Replay;

/// <summary>Doubles as the Open Ephys GUI (JUCE) prints them: at most 15 decimals, always a point, scientific from 1e6 and up to 1e-5; no
/// number: null.</summary>
public static class GuiNumber
{
    /// <summary>The longest text: sign, one digit, point, 15 decimals, exponent; with room.</summary>
    public const int MaxBytes = 40;

    /// <summary>Writes the number's text and returns its length. Allocates nothing.</summary>
    public static int Format(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value))
        {
            "null"u8.CopyTo(destination);
            return 4;
        }

        var size = Math.Abs(value);
        if (size != 0 && size is >= 1e6 or <= 1e-5 and > 0) return Scientific(value, destination);
        value.TryFormat(destination, out var length, "F15", CultureInfo.InvariantCulture);
        return TrimZeros(destination, length);
    }

    private static int Scientific(double value, Span<byte> destination)
    {
        value.TryFormat(destination, out var length, "E15", CultureInfo.InvariantCulture);
        var mark = destination[..length].IndexOf((byte)'E');
        var negative = destination[mark + 1] == '-';
        var exponent = 0;
        foreach (var digit in destination[(mark + 2)..length]) exponent = 10 * exponent + digit - '0';
        length = TrimZeros(destination, mark);
        destination[length++] = (byte)'e';
        (negative ? -exponent : exponent).TryFormat(destination[length..], out var digits);
        return length + digits;
    }

    /// <summary>Takes off ending zeros, but leaves one after the point.</summary>
    private static int TrimZeros(Span<byte> text, int length)
    {
        while (text[length - 1] == '0' && text[length - 2] != '.') length--;
        return length;
    }
}
