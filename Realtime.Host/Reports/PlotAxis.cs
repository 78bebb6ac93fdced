using System.Globalization;

namespace Realtime.Host.Reports;

/// <summary>One axis: its range, its scale and where its labels stand.</summary>
internal sealed class PlotAxis
{
    private PlotAxis(string title, double min, double max, bool log)
    {
        Title = title;
        Min = min;
        Max = max;
        Log = log;
    }

    public string Title { get; }

    public double Min { get; }

    public double Max { get; }

    public bool Log { get; }

    /// <summary>Values with a grid line, and their labels.</summary>
    public IReadOnlyList<(double Value, string Label)> Labels { get; init; } = [];

    /// <summary>A linear axis over the values given, widened to round numbers.</summary>
    public static PlotAxis Linear(string title, double min, double max, int labels = 5)
    {
        (min, max) = Widen(min, max);
        var step = Step((max - min) / labels);
        min = Math.Floor(min / step + 1e-9) * step;
        max = Math.Ceiling(max / step - 1e-9) * step;
        return new PlotAxis(title, min, max, log: false) { Labels = LinearLabels(min, max, step) };
    }

    /// <summary>A linear axis that begins and ends exactly where told, as time axes do.</summary>
    public static PlotAxis Exact(string title, double min, double max, int labels = 8)
    {
        (min, max) = Widen(min, max);
        return new PlotAxis(title, min, max, log: false) { Labels = LinearLabels(min, max, Step((max - min) / labels)) };
    }

    /// <summary>An axis with labels of its own, such as degrees.</summary>
    public static PlotAxis Fixed(string title, double min, double max, params ReadOnlySpan<double> labels)
    {
        var list = new List<(double, string)>();
        foreach (var label in labels) list.Add((label, label.ToString(CultureInfo.InvariantCulture)));
        return new PlotAxis(title, min, max, log: false) { Labels = list };
    }

    /// <summary>A logarithmic axis over whole decades, or over halves of one where the values span little.</summary>
    public static PlotAxis Logarithmic(string title, double min, double max, Func<double, string> label)
    {
        min = double.IsFinite(min) && min > 0 ? min : 1;
        max = double.IsFinite(max) && max > min ? max : min * 10;
        ReadOnlySpan<double> steps = Math.Log10(max / min) < 2.5 ? [1, 2, 5] : [1];
        var all = new List<double>();
        for (var decade = Math.Floor(Math.Log10(min)); decade <= Math.Ceiling(Math.Log10(max)); decade++)
            foreach (var step in steps) all.Add(step * Math.Pow(10, decade));
        var low = all.Last(value => value <= min * (1 + 1e-9));
        var high = all.FirstOrDefault(value => value >= max * (1 - 1e-9), all[^1]);
        var labels = all.Where(value => value >= low * 0.999 && value <= high * 1.001).Select(value => (value, label(value))).ToArray();
        return new PlotAxis(title, low, high, log: true) { Labels = labels };
    }

    /// <summary>The value's place, 0 at the low end and 1 at the high end, held inside.</summary>
    public double Place(double value)
    {
        var place = Log
            ? Math.Log(Math.Max(value, Min) / Min) / Math.Log(Max / Min)
            : (value - Min) / (Max - Min);
        return Math.Clamp(place, 0, 1);
    }

    private static (double Min, double Max) Widen(double min, double max)
    {
        if (!double.IsFinite(min) || !double.IsFinite(max)) return (0, 1);
        if (max - min > Math.Abs(max) * 1e-9 && max > min) return (min, max);
        var room = Math.Max(Math.Abs(min) * 0.1, 0.5);
        return (min - room, max + room);
    }

    /// <summary>The next of 1, 2, 5 times a power of ten.</summary>
    private static double Step(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var lead = raw / power;
        return power * (lead <= 1.0001 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }

    private static List<(double Value, string Label)> LinearLabels(double min, double max, double step)
    {
        var decimals = Math.Clamp((int)-Math.Floor(Math.Log10(step) + 1e-9), 0, 12);
        var labels = new List<(double, string)>();
        for (var index = (long)Math.Ceiling(min / step - 1e-9); index * step <= max + step * 1e-9; index++)
        {
            var value = index * step;
            var text = Math.Abs(value) >= 1e9 || (step < 1e-9 && value != 0)
                ? value.ToString("0.##E+0", CultureInfo.InvariantCulture)
                : value.ToString("N" + decimals, CultureInfo.InvariantCulture);
            labels.Add((value, text));
        }

        return labels;
    }
}
