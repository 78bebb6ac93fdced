using System.Globalization;
using System.Text;

namespace Realtime.Host.Reports;

/// <summary>One chart as inline SVG: axes, then marks in the order in which they are added. Colours come from the page's style.</summary>
internal sealed class SvgPlot
{
    private const double Right = 14;

    /// <summary>Wide charts shrink on narrow pages, where their text is set larger: it needs more room.</summary>
    private const double WideFrom = 600;

    private readonly StringBuilder _marks = new();
    private readonly string _label;
    private readonly double _width;
    private readonly double _height;
    private readonly double _top;
    private readonly double _left;
    private readonly double _bottom;
    private readonly PlotAxis _x;
    private readonly PlotAxis _y;

    /// <summary>
    /// Sizes are pixels of the drawing, which scales with the page; <c>top</c> is the room above the plot for labels of marks.
    /// </summary>
    public SvgPlot(string label, PlotAxis x, PlotAxis y, double width = 560, double height = 280, double top = 12)
    {
        (_label, _x, _y, _width, _height, _top) = (label, x, y, width, height, top);
        (_left, _bottom) = width > WideFrom ? (88, 48) : (64, 42);
    }

    public double X(double value) => _left + _x.Place(value) * (_width - _left - Right);

    public double Y(double value) => _height - _bottom - _y.Place(value) * (_height - _bottom - _top);

    /// <summary>
    /// A line through the points; it breaks where a value is not finite, or jumps by more than <paramref name="breakAt"/>.
    /// </summary>
    public void Line(IReadOnlyList<double> x, IReadOnlyList<double> y, string style, double breakAt = double.PositiveInfinity)
    {
        var path = new StringBuilder();
        var last = double.NaN;
        for (var index = 0; index < x.Count; index++)
        {
            var value = y[index];
            if (double.IsFinite(value))
            {
                var begins = !double.IsFinite(last) || Math.Abs(value - last) > breakAt;
                Append(path, begins ? 'M' : 'L', X(x[index]), Y(value));

                // A lone point has no length; a dot of its own keeps it visible.
                if (begins) path.Append("h0");
            }

            last = value;
        }

        Path(path, style);
    }

    /// <summary>Dots, drawn as lines of no length with round ends: far smaller than circles.</summary>
    public void Dots(IReadOnlyList<double> x, IReadOnlyList<double> y, string style)
    {
        var path = new StringBuilder();
        for (var index = 0; index < x.Count; index++)
        {
            if (!double.IsFinite(x[index]) || !double.IsFinite(y[index])) continue;
            Append(path, 'M', X(x[index]), Y(y[index]));
            path.Append("h0");
        }

        Path(path, style);
    }

    /// <summary>
    /// A bar between two values of each axis, at least <paramref name="leastHeight"/> pixels high so that one count stays visible.
    /// </summary>
    public void Bar(double x0, double x1, double y0, double y1, string style, double leastHeight = 1)
    {
        var bottom = Y(y0);
        var height = Math.Max(leastHeight, bottom - Y(y1));
        _marks.Append(CultureInfo.InvariantCulture, $"<rect class=\"{style}\" x=\"{X(x0):0.##}\" y=\"{bottom - height:0.##}\" "
            + $"width=\"{Math.Max(0.6, X(x1) - X(x0)):0.##}\" height=\"{height:0.##}\"/>");
    }

    /// <summary>A rectangle in pixels of the drawing.</summary>
    public void Box(double x, double y, double width, double height, string style) =>
        _marks.Append(CultureInfo.InvariantCulture, $"<rect"
            + $" class=\"{style}\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\"/>");

    /// <summary>A vertical line over the whole height with a label on a row of its own above the plot.</summary>
    public void Mark(double x, string label, int row, string style)
    {
        var left = X(x);
        var anchor = left > _width * 0.75 ? "end" : "start";
        var labelX = left + (anchor == "end" ? -4 : 4);
        _marks.Append(CultureInfo.InvariantCulture, $"<line"
            + $" class=\"{style}\" x1=\"{left:0.##}\" x2=\"{left:0.##}\" y1=\"{8 + row * 15:0.##}\" y2=\"{_height - _bottom:0.##}\"/>");
        Text(labelX, 18 + row * 15, label, anchor, style);
    }

    /// <summary>A line from corner to corner of equal values, for scatter plots.</summary>
    public void Diagonal(double from, double to, string style) =>
        _marks.Append(CultureInfo.InvariantCulture, $"<line"
            + $" class=\"{style}\" x1=\"{X(from):0.##}\" y1=\"{Y(from):0.##}\" x2=\"{X(to):0.##}\" y2=\"{Y(to):0.##}\"/>");

    public void Text(double x, double y, string text, string anchor = "start", string style = "") =>
        _marks.Append(CultureInfo.InvariantCulture, $"<text"
            + $" class=\"{style}\" x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\">{ReportText.Escape(text, 80)}</text>");

    public string Render()
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg class=\"{(_width > WideFrom ? "wide" : "half")}\" viewBox=\"0 0 {_width:0} {_height:0}\" role=\"img\""
            + $" aria-label=\"{ReportText.Escape(_label, 200)}\">");
        var below = _height - _bottom + 17;
        foreach (var (value, label) in _x.Labels)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{X(value):0.##}\" x2=\"{X(value):0.##}\" y1=\"{_top:0.##}\" y2=\"{_height - _bottom:0.##}\"/>");

            // About seven pixels a character: a label at the right end would be cut off if it were centred.
            var (at, anchor) = X(value) + label.Length * 3.5 > _width ? (_width - 1, "end") : (X(value), "middle");
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{at:0.##}\" y=\"{below:0.##}\" text-anchor=\"{anchor}\">{ReportText.Escape(label, 20)}</text>");
        }

        foreach (var (value, label) in _y.Labels)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{_left:0.##}\" x2=\"{_width - Right:0.##}\" y1=\"{Y(value):0.##}\" y2=\"{Y(value):0.##}\"/>");
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{_left - 7:0.##}\" y=\"{Y(value) + 4:0.##}\" text-anchor=\"end\">{ReportText.Escape(label, 20)}</text>");
        }

        svg.Append(_marks);
        var middle = _top + (_height - _bottom - _top) / 2;
        var centre = (_left + _width - Right) / 2;
        svg.Append(CultureInfo.InvariantCulture,
            $"<text class=\"axis\" x=\"{centre:0.##}\" y=\"{_height - 6:0.##}\" text-anchor=\"middle\">"
            + $"{ReportText.Escape(_x.Title, 80)}</text>");
        svg.Append(CultureInfo.InvariantCulture,
            $"<text class=\"axis\" transform=\"translate(14 {middle:0.##})"
                + $" rotate(-90)\" text-anchor=\"middle\">{ReportText.Escape(_y.Title, 60)}</text>");
        return svg.Append("</svg>").ToString();
    }

    private static void Append(StringBuilder path, char command, double x, double y) =>
        path.Append(CultureInfo.InvariantCulture, $"{command}{x:0.#} {y:0.#}");

    private void Path(StringBuilder path, string style)
    {
        if (path.Length > 0) _marks.Append("<path class=\"").Append(style).Append("\" d=\"").Append(path).Append("\"/>");
    }
}
