using System.Globalization;
using System.Net;

namespace Realtime.Host.Reports;

/// <summary>How figures and foreign texts are written on the page. Culture-invariant.</summary>
internal static class ReportText
{
    /// <summary>Names, paths and configs come from files: all text goes through here before it meets markup.</summary>
    public static string Escape(string? text, int longest = 2000)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text.Length > longest) text = string.Concat(text.AsSpan(0, longest), $" … ({Count(text.Length - longest)} characters more)");
        // Control characters have no place in HTML; line ends and tabs do.
        var clean = string.Concat(text.Select(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t') ? '\uFFFD'
            : letter));
        return WebUtility.HtmlEncode(clean);
    }

    /// <summary>"401,233".</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A duration with its unit: "850 µs", "1.24 ms", "2.1 s".</summary>
    public static string Time(double microseconds)
    {
        if (!double.IsFinite(microseconds)) return "–";
        var (value, unit) = Math.Abs(microseconds) switch
        {
            < 0.9995 => (microseconds * 1e3, "ns"),
            < 999.5 => (microseconds, "µs"),
            < 999.5e3 => (microseconds / 1e3, "ms"),
            _ => (microseconds / 1e6, "s"),
        };
        return $"{Three(value)}\u00A0{unit}";
    }

    /// <summary>Three figures, without an exponent where one can do without: "0.714", "12.3", "1500".</summary>
    public static string Three(double value)
    {
        if (!double.IsFinite(value)) return "–";
        if (value == 0) return "0";
        var digits = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (digits is < -4 or > 8) return value.ToString("0.##E+0", CultureInfo.InvariantCulture);
        var decimals = Math.Max(0, 2 - digits);
        return Math.Round(value, Math.Min(decimals, 15)).ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);
    }

    /// <summary>A score such as R², always with three decimals: "0.900", "-0.000".</summary>
    public static string Score(double value) => double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    /// <summary>A share in percent, rounded down: 100 % is written only when it is all of them.</summary>
    public static string Percent(long part, long whole)
    {
        if (whole <= 0) return "–";
        var percent = part >= whole ? 100 : Math.Floor(1e5 * part / whole) / 1e3;
        return percent.ToString("0.###", CultureInfo.InvariantCulture) + "\u00A0%";
    }

    /// <summary>"1 h 02 min 03 s", "42.5 s".</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds)) return "–";
        if (seconds < 60) return $"{Three(seconds)} s";
        var span = TimeSpan.FromSeconds(Math.Min(seconds, 1e9));
        return span.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours} h {span.Minutes:00} min {span.Seconds:00} s")
            : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds:00} s");
    }

    /// <summary>"too_late" reads as "too late".</summary>
    /// <summary>The model's name and where its weights come from.</summary>
    public static string Model(ModelReport model) => (model.Weights.Length > 0 ? $"{model.Name}, {model.Weights} weights" : model.Name)
        + (model.IsUnfit ? $", {model.Fitness} for live use" : "");

    public static string Words(string snakeCase) => snakeCase.Replace('_', ' ');
}
